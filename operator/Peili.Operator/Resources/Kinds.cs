using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Operator.Resources;

/// <summary>The kinds of Kubernetes' own that the operator reads or writes.</summary>
internal static class Kinds
{
    public static ResourceKind<Node> Node { get; } = new("", "v1", "nodes", "Node", IsNamespaced: false, OperatorJson.Default.Node);

    public static ResourceKind<Pod> Pod { get; } = new("", "v1", "pods", "Pod", IsNamespaced: true, OperatorJson.Default.Pod);

    public static ResourceKind<DaemonSet> DaemonSet { get; } = new("apps", "v1", "daemonsets", "DaemonSet", IsNamespaced: true, OperatorJson.Default.DaemonSet);

    public static ResourceKind<Secret> Secret { get; } = new("", "v1", "secrets", "Secret", IsNamespaced: true, OperatorJson.Default.Secret);

    public static ResourceKind<KubernetesObject> ConfigMap { get; } = ResourceKinds.Any("", "v1", "configmaps", "ConfigMap", isNamespaced: true);

    public static ResourceKind<KubernetesObject> Service { get; } = ResourceKinds.Any("", "v1", "services", "Service", isNamespaced: true);

    public static ResourceKind<KubernetesObject> ServiceAccount { get; } = ResourceKinds.Any("", "v1", "serviceaccounts", "ServiceAccount", isNamespaced: true);

    public static ResourceKind<KubernetesObject> Namespace { get; } = ResourceKinds.Any("", "v1", "namespaces", "Namespace", isNamespaced: false);
}

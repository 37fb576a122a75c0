using Peili.Kubernetes.Rest;
using Peili.Operator.Resources;

namespace Peili.Kubectl.Api;

/// <summary>The kinds of Kubernetes' own that are read here. Secrets are not among them.</summary>
internal static class Kinds
{
    public static ResourceKind<Pod> Pod { get; } = new("", "v1", "pods", "Pod", IsNamespaced: true, PluginJson.Default.Pod);

    public static ResourceKind<Deployment> Deployment { get; } = new("apps", "v1", "deployments", "Deployment", IsNamespaced: true, PluginJson.Default.Deployment);
}

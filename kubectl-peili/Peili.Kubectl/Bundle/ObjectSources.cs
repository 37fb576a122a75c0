using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Kubectl.Bundle;

/// <summary>Which objects belong into a bundle. Secrets are not among them, and of ConfigMaps the agents' seeds alone.</summary>
internal static class ObjectSources
{
    public static IReadOnlyList<ObjectSource> Of(string inNamespace) =>
    [
        new("registrymirrors", ResourceKinds.Any(CrdKinds.Group, CrdKinds.Version, "registrymirrors", "RegistryMirror", isNamespaced: false)),
        new("nodemirrorstatuses", ResourceKinds.Any(CrdKinds.Group, CrdKinds.Version, "nodemirrorstatuses", "NodeMirrorStatus", isNamespaced: false)),
        new("nodes", ResourceKinds.Any("", "v1", "nodes", "Node", isNamespaced: false)),
        new("namespace", ResourceKinds.Any("", "v1", "namespaces", "Namespace", isNamespaced: false), FieldSelector: $"metadata.name={inNamespace}"),
        new("deployments", ResourceKinds.Any("apps", "v1", "deployments", "Deployment", isNamespaced: true), inNamespace),
        new("daemonsets", ResourceKinds.Any("apps", "v1", "daemonsets", "DaemonSet", isNamespaced: true), inNamespace),
        new("pods", ResourceKinds.Any("", "v1", "pods", "Pod", isNamespaced: true), inNamespace),
        new("services", ResourceKinds.Any("", "v1", "services", "Service", isNamespaced: true), inNamespace),
        new("seeds", ResourceKinds.Any("", "v1", "configmaps", "ConfigMap", isNamespaced: true), inNamespace, "metadata.name=peili-seeds"),
        new("leases", ResourceKinds.Any("coordination.k8s.io", "v1", "leases", "Lease", isNamespaced: true), inNamespace),
        new("events", Events, inNamespace),

        // Events of objects without namespace are in the namespace default.
        new("events-of-registrymirrors", Events, "default", "involvedObject.kind=RegistryMirror"),
        new("events-of-nodemirrorstatuses", Events, "default", "involvedObject.kind=NodeMirrorStatus"),
    ];

    private static ResourceKind<KubernetesObject> Events => ResourceKinds.Any("", "v1", "events", "Event", isNamespaced: true);
}

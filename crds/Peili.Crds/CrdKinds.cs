using Peili.Kubernetes.Rest;

namespace Peili.Crds;

/// <summary>The kinds of the group peili.dev, both of the whole cluster.</summary>
public static class CrdKinds
{
    /// <summary>The API group.</summary>
    public const string Group = "peili.dev";

    /// <summary>The version of both kinds.</summary>
    public const string Version = "v1alpha1";

    /// <summary>What users write.</summary>
    public static ResourceKind<RegistryMirror> RegistryMirror { get; } =
        new(Group, Version, "registrymirrors", nameof(Crds.RegistryMirror), IsNamespaced: false, ServerJson.TypeInfo<RegistryMirror>());

    /// <summary>What the operator writes, for each node.</summary>
    public static ResourceKind<NodeMirrorStatus> NodeMirrorStatus { get; } =
        new(Group, Version, "nodemirrorstatuses", nameof(Crds.NodeMirrorStatus), IsNamespaced: false, ServerJson.TypeInfo<NodeMirrorStatus>());
}

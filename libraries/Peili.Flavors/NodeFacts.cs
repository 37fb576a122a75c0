namespace Peili.Flavors;

/// <summary>What of a Node object tells its flavor; names as in the Kubernetes API.</summary>
public sealed record NodeFacts
{
    /// <summary><c>spec.providerID</c>.</summary>
    public string ProviderId { get; init; } = "";

    /// <summary><c>status.nodeInfo.osImage</c>.</summary>
    public string OsImage { get; init; } = "";

    /// <summary><c>status.nodeInfo.containerRuntimeVersion</c>.</summary>
    public string ContainerRuntimeVersion { get; init; } = "";

    /// <summary><c>status.nodeInfo.kubeletVersion</c>.</summary>
    public string KubeletVersion { get; init; } = "";

    /// <summary><c>metadata.name</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>metadata.labels</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary><c>metadata.annotations</c>.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

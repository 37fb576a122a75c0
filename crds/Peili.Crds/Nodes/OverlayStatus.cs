using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>The other agents, as a node's agent sees them.</summary>
public sealed record OverlayStatus
{
    /// <summary>Agents it knows, itself included.</summary>
    [Range(0, int.MaxValue)]
    public int Members { get; init; }

    /// <summary>Those of them that answer, itself included.</summary>
    [Range(0, int.MaxValue)]
    public int Alive { get; init; }

    /// <summary>Those of them that did not answer lately, and are not given up yet.</summary>
    [Range(0, int.MaxValue)]
    public int Suspect { get; init; }

    /// <summary>Blobs and tags that it has told the others of.</summary>
    [Range(0, RangeAttribute.SafeInteger)]
    public long Digests { get; init; }

    /// <summary>Images of its containerd.</summary>
    [Range(0, RangeAttribute.SafeInteger)]
    public long Images { get; init; }
}

using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Nodes, counted.</summary>
public sealed record NodeCounts
{
    /// <summary>Nodes that the selector matches and that no older RegistryMirror has.</summary>
    [Range(0, int.MaxValue)]
    public int Selected { get; init; }

    /// <summary>Nodes whose agent serves.</summary>
    [Range(0, int.MaxValue)]
    public int Ready { get; init; }

    /// <summary>Nodes that pull from peers.</summary>
    [Range(0, int.MaxValue)]
    public int Compatible { get; init; }

    /// <summary>Nodes that will pull from peers after the remedy in their NodeMirrorStatus.</summary>
    [Range(0, int.MaxValue)]
    public int NeedsConfiguration { get; init; }

    /// <summary>Nodes that cannot pull from peers.</summary>
    [Range(0, int.MaxValue)]
    public int Unsupported { get; init; }

    /// <summary>Nodes of which it could not be told yet.</summary>
    [Range(0, int.MaxValue)]
    public int Unknown { get; init; }
}

namespace Peili.Crds;

/// <summary>What a node is to mirroring.</summary>
public enum Verdict
{
    /// <summary>It could not be told yet.</summary>
    Unknown,

    /// <summary>It pulls from peers.</summary>
    Compatible,

    /// <summary>It will after the remedy.</summary>
    NeedsConfiguration,

    /// <summary>It cannot.</summary>
    Unsupported,
}

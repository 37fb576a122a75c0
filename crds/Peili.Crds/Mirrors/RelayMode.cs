namespace Peili.Crds;

/// <summary>Whether nodes pass on blobs that they are still downloading themselves.</summary>
public enum RelayMode
{
    /// <summary>They do: many nodes that want one new image download it once.</summary>
    On,

    /// <summary>They do not: only complete blobs are served.</summary>
    Off,
}

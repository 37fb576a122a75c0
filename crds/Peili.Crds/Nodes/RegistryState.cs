namespace Peili.Crds;

/// <summary>Whether a registry's images are mirrored on a node.</summary>
public enum RegistryState
{
    /// <summary>It could not be told yet.</summary>
    Unknown,

    /// <summary>containerd asks the agent first.</summary>
    Mirrored,

    /// <summary>containerd does not ask the agent.</summary>
    NotMirrored,
}

namespace Peili.Containerd.Hosts;

/// <summary>What was done to a file.</summary>
public enum HostsAction
{
    /// <summary>It holds what we put there.</summary>
    Written,

    /// <summary>It is byte for byte what it was before we came.</summary>
    Restored,

    /// <summary>It did not exist before we came, and does not now.</summary>
    Removed,

    /// <summary>Somebody edited it since; only what is ours was taken out.</summary>
    TakenOut,

    /// <summary>What is ours is still in it, for it cannot be read.</summary>
    Left,
}

namespace Peili.Containerd.Hosts;

/// <summary>What was done to a hosts.toml.</summary>
public enum HostsAction
{
    /// <summary>It holds our host table now.</summary>
    Written,

    /// <summary>It is byte for byte what it was before we came.</summary>
    Restored,

    /// <summary>It did not exist before we came, and does not now.</summary>
    Removed,

    /// <summary>Somebody edited it since; only our host table was taken out.</summary>
    TakenOut,
}

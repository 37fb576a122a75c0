namespace Peili.Containerd.Hosts;

/// <summary>What becomes of what a hosts.toml says already.</summary>
internal enum HostsExisting
{
    /// <summary>It stays, its hosts behind ours.</summary>
    Kept,

    /// <summary>Its hosts stay behind ours; the registry itself is no longer asked.</summary>
    WithoutServer,

    /// <summary>Nothing of it is in force.</summary>
    Replaced,
}

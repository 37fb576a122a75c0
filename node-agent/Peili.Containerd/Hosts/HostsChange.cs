namespace Peili.Containerd.Hosts;

/// <summary>A hosts.toml that was written, restored or removed.</summary>
/// <param name="Path">The file.</param>
/// <param name="Action">What happened to it.</param>
public sealed record HostsChange(string Path, HostsAction Action);

namespace Peili.Containerd.Hosts;

/// <summary>A file that was written, restored or removed.</summary>
/// <param name="Path">The file.</param>
/// <param name="Action">What happened to it.</param>
/// <param name="Remark">What is to be said of it besides; null for nothing.</param>
public sealed record HostsChange(string Path, HostsAction Action, string? Remark = null);

namespace Peili.Containerd.Hosts;

/// <summary>What is to be done, and what an administrator should know of it.</summary>
/// <param name="Files">The files to write; those that are as they should be are not among them.</param>
/// <param name="Warnings">A line each.</param>
public sealed record HostsEdits(IReadOnlyList<HostsEdit> Files, IReadOnlyList<string> Warnings);

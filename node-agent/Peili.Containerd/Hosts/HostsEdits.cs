namespace Peili.Containerd.Hosts;

/// <summary>What is to be done, and what an administrator should know of it.</summary>
/// <param name="Authorities">The files of CAs to write, before those that name them; those that are as they should be are not among them.</param>
/// <param name="Files">The files to write; those that are as they should be are not among them.</param>
/// <param name="Warnings">A line each.</param>
public sealed record HostsEdits(IReadOnlyList<AuthorityFile> Authorities, IReadOnlyList<HostsEdit> Files, IReadOnlyList<string> Warnings);

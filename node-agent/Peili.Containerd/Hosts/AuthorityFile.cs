namespace Peili.Containerd.Hosts;

/// <summary>A file of CA certificates that is to be written for containerd to read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">All of it, PEM.</param>
public sealed record AuthorityFile(string Path, string Text);

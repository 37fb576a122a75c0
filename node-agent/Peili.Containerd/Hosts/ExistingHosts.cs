namespace Peili.Containerd.Hosts;

/// <summary>A registry's folder as it is found.</summary>
/// <param name="Folder">Its name.</param>
/// <param name="File">The path of its hosts.toml.</param>
/// <param name="Current">What that holds; null when there is none.</param>
/// <param name="Backup">What it was before us.</param>
internal sealed record ExistingHosts(string Folder, string File, FileContent? Current, FileBackup Backup)
{
    /// <summary>Docker-style certificate files in the folder.</summary>
    public string[] Certificates => Directory.Exists(Path.GetDirectoryName(File))
        ? [.. Directory.GetFiles(Path.GetDirectoryName(File)!).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>A text without what is ours, and what is to be said of that.</summary>
    /// <exception cref="InvalidDataException">Our marks are gone and the rest is not TOML; the message names file, line and column.</exception>
    public (string Text, string? Remark) Strip(string text)
    {
        if (HostsFile.HasSection(text))
        {
            return (HostsFile.Without(text), null);
        }

        var without = HostsFile.WithoutUnmarked(File, Backup.Exists ? HostsFile.Without(text) : text, Backup.Notes);
        return (without, without == text ? null : "the marks around what peili-agent wrote were gone; its hosts were found by their addresses");
    }

    /// <summary>The file's own permissions: what we wrote a secret into is its owner's alone.</summary>
    public UnixFileMode OwnMode(FileContent current) =>
        Backup is { Exists: true, Original: { } original } && current.Mode == (UnixFileMode.UserRead | UnixFileMode.UserWrite) ? original.Mode : current.Mode;
}

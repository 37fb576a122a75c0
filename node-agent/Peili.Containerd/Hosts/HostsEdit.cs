namespace Peili.Containerd.Hosts;

/// <summary>A file that is to be written, for people to see.</summary>
public sealed class HostsEdit
{
    internal HostsEdit(FileEdit file, string? before, string after)
    {
        File = file;
        Before = before;
        After = after;
    }

    /// <summary>The file.</summary>
    public string Path => File.Path;

    /// <summary>Its text; null when there is none.</summary>
    public string? Before { get; }

    /// <summary>Its text afterwards.</summary>
    public string After { get; }

    internal FileEdit File { get; }
}

using Peili.Containerd;

namespace Peili.NodeAgent.Remediation;

/// <summary>A file of the host before and after.</summary>
/// <param name="Path">The host's path.</param>
/// <param name="Before">What it is; null where it does not exist.</param>
/// <param name="After">What it is to be.</param>
internal sealed record FileEdit(string Path, byte[]? Before, byte[] After)
{
    private const UnixFileMode NewFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The permissions it keeps, or gets.</summary>
    public UnixFileMode Mode(HostRoot host) => Before is null ? NewFileMode : File.GetUnixFileMode(host.At(Path));

    /// <summary>An edit of a file as it is now.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileEdit Of(HostRoot host, string path, byte[] after)
    {
        var real = host.At(path);
        return new FileEdit(path, File.Exists(real) ? File.ReadAllBytes(real) : null, after);
    }
}

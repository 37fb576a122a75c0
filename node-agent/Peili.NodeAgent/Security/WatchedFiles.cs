using System.Security.Cryptography;
using System.Text;

namespace Peili.NodeAgent.Security;

/// <summary>
/// Text files that are read anew when they change. They are compared by content, every 5 seconds: Kubernetes swaps a symbolic link, others write in
/// place, and either way several files belong together.
/// </summary>
internal static class WatchedFiles
{
    private const int MaxLength = 1024 * 1024;

    /// <summary>Kubelet itself takes a minute and more to bring a changed Secret.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the files.</summary>
    /// <exception cref="IOException">One is not there, not readable or over 1 MiB; the message names it.</exception>
    public static string[] Read(IReadOnlyList<string> paths) => [.. paths.Select(Read)];

    /// <summary>What the texts come to, for comparing.</summary>
    public static string Fingerprint(IEnumerable<string> texts) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', texts))));

    private static string Read(string path)
    {
        if (new FileInfo(path).Length > MaxLength)
        {
            throw new IOException($"{path} must be at most {MaxLength} bytes");
        }

        return File.ReadAllText(path);
    }
}

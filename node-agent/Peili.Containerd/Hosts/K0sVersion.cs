using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Peili.Toml;

namespace Peili.Containerd.Hosts;

/// <summary>Finds which containerd a host's k0s has, without running anything.</summary>
public static partial class K0sVersion
{
    /// <summary>The first minor version of k0s, after 1., that has containerd 2.</summary>
    private const int FirstWithContainerd2 = 36;

    private const string Socket = "/run/k0s/containerd.sock";
    private const int ChunkSize = 1024 * 1024;
    private const long MaxProgramLength = 2L * 1024 * ChunkSize;

    private static readonly string[] s_programs = ["/usr/local/bin/k0s", "/usr/bin/k0s"];

    /// <summary>
    /// The version of containerd's configuration: while k0s runs that of the file it wrote when it started, otherwise what the program says of
    /// itself, which may have been exchanged since. Null when neither is there.
    /// </summary>
    public static int? FindConfigurationVersion(HostRoot root) =>
        Path.Exists(root.At(Socket)) ? OfFile(root) ?? OfProgram(root) : OfProgram(root) ?? OfFile(root);

    private static int? OfFile(HostRoot root)
    {
        var main = root.At(K0sDropIn.MainFile);
        return FileContent.Read(main) is { } file && TomlDocument.TryParse(file.Bytes, out var document, out _) && document.Find("version") is TomlScalar { Value: long version }
            ? (int)Math.Clamp(version, 2, 3)
            : null;
    }

    private static int? OfProgram(HostRoot root) =>
        s_programs.Select(root.At).Where(File.Exists).Select(FindMinor).FirstOrDefault(minor => minor is not null) is { } minor
            ? minor < FirstWithContainerd2 ? 2 : 3
            : null;

    /// <summary>The minor version that stands in a k0s program, <c>v1.35.1+k0s.0</c>; the highest, for examples in its help are older ones.</summary>
    private static int? FindMinor(string program)
    {
        using var stream = File.OpenRead(program);
        var chunk = new byte[ChunkSize];
        var kept = 0;
        int? highest = null;
        for (var total = 0L; total < MaxProgramLength; total += ChunkSize)
        {
            var read = stream.ReadAtLeast(chunk.AsSpan(kept), ChunkSize - kept, throwOnEndOfStream: false);
            if (read == 0)
            {
                break;
            }

            foreach (Match match in VersionText().Matches(Encoding.Latin1.GetString(chunk, 0, kept + read)))
            {
                highest = Math.Max(highest ?? 0, int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture));
            }

            // One that the chunk's end cuts is whole in the next.
            var end = kept + read;
            kept = Math.Min(64, end);
            chunk.AsSpan(end - kept, kept).CopyTo(chunk);
        }

        return highest;
    }

    [GeneratedRegex(@"v1\.(?<minor>[0-9]{2})\.[0-9]{1,3}\+k0s", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex VersionText();
}

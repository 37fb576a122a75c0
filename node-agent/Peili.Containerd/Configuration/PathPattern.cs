using System.Text;
using System.Text.RegularExpressions;

namespace Peili.Containerd.Configuration;

/// <summary>Finds files as Go's filepath.Glob does: stars, question marks and brackets within one step of the path, sorted.</summary>
internal static class PathPattern
{
    /// <summary>The host's paths that match an absolute pattern.</summary>
    public static IEnumerable<string> Find(HostRoot host, string pattern)
    {
        IEnumerable<string> found = [string.Empty];
        foreach (var step in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = step.AsSpan().IndexOfAny('*', '?', '[') < 0
                ? found.Select(folder => $"{folder}/{step}").Where(path => Path.Exists(host.At(path)))
                : found.SelectMany(folder => Matches(host, folder, Compile(step)));
        }

        return found;
    }

    private static IEnumerable<string> Matches(HostRoot host, string folder, Regex step)
    {
        var real = host.At(folder.Length == 0 ? "/" : folder);
        return Directory.Exists(real)
            ? Directory.EnumerateFileSystemEntries(real).Select(entry => Path.GetFileName(entry)).Where(name => step.IsMatch(name))
                .Order(StringComparer.Ordinal).Select(name => $"{folder}/{name}")
            : [];
    }

    private static Regex Compile(string step)
    {
        var regex = new StringBuilder("^");
        for (var at = 0; at < step.Length; at++)
        {
            var end = step[at] == '[' ? step.IndexOf(']', at + 1) : -1;
            regex.Append(step[at] switch
            {
                '*' => ".*",
                '?' => ".",
                '[' when end > 0 => $"[{step[(at + 1)..end].Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal)}]",
                var other => Regex.Escape(other.ToString()),
            });
            at = end > 0 ? end : at;
        }

        return new Regex(regex.Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}

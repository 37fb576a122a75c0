using System.Globalization;
using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>Puts our host table into the text of a hosts.toml and takes it out again; every other byte stays as it is.</summary>
/// <remarks>containerd tries hosts in the order of their table headers in the file, so ours goes before the first one.</remarks>
internal static class HostsFile
{
    /// <summary>The text for a registry that has no hosts.toml yet, before our table goes in.</summary>
    /// <param name="registry">The folder's name.</param>
    /// <param name="certificates">Docker-style certificate files in the folder. containerd reads them only while there is no hosts.toml, so it must name them.</param>
    public static string Create(string registry, IReadOnlyCollection<string> certificates)
    {
        var authorities = certificates.Where(file => file.EndsWith(".crt", StringComparison.Ordinal)).Select(file => $"\"{file}\"");
        var clients = certificates.Where(file => file.EndsWith(".cert", StringComparison.Ordinal))
            .Select(file => $"[\"{file}\", \"{Path.ChangeExtension(file, ".key")}\"]");
        return Server(registry) + List("ca", authorities) + List("client", clients);
    }

    /// <summary><paramref name="text"/> with our table, in front of every other host.</summary>
    public static string With(string text, HostEntry entry)
    {
        var others = Without(text);
        var at = FirstTable(others);
        var before = others[..at];
        var separator = before.Length > 0 && !before.EndsWith('\n') ? "\n" : string.Empty;
        return before + separator + entry.ToToml() + others[at..];
    }

    /// <summary><paramref name="text"/> without our table.</summary>
    public static string Without(string text)
    {
        var begin = text.IndexOf(HostEntry.Begin, StringComparison.Ordinal);
        if (begin < 0)
        {
            return text;
        }

        var end = text.IndexOf(HostEntry.End, begin, StringComparison.Ordinal);
        if (end < 0)
        {
            return text;
        }

        var after = end + HostEntry.End.Length;
        return text[..begin] + text[(after < text.Length && text[after] == '\n' ? after + 1 : after)..];
    }

    private static string Server(string registry) => registry switch
    {
        "_default" => string.Empty,
        "docker.io" => "server = \"https://registry-1.docker.io\"\n",
        _ => $"server = \"https://{HostOf(registry)}\"\n",
    };

    /// <summary>A folder can be named <c>host_port_</c> for the registry <c>host:port</c>.</summary>
    private static string HostOf(string folder) =>
        folder is [_, _, .., '_'] && folder.LastIndexOf('_', folder.Length - 2) is > 0 and var separator
        && ushort.TryParse(folder.AsSpan((separator + 1)..^1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? $"{folder[..separator]}:{folder[(separator + 1)..^1]}"
            : folder;

    private static string List(string key, IEnumerable<string> values) =>
        string.Join(", ", values) is { Length: > 0 } joined ? $"{key} = [{joined}]\n" : string.Empty;

    /// <summary>Offset of the first line that opens a table, or the text's end.</summary>
    private static int FirstTable(string text)
    {
        var offset = 0;
        while (offset < text.Length)
        {
            var newline = text.IndexOf('\n', offset);
            var end = newline < 0 ? text.Length : newline;
            if (IsTableHeader(text.AsSpan(offset, end - offset)))
            {
                return offset;
            }

            offset = newline < 0 ? text.Length : newline + 1;
        }

        return text.Length;
    }

    /// <summary>A table's name begins with a letter; a line of a multi-line array, which may begin with a bracket too, goes on with a quote or a bracket.</summary>
    private static bool IsTableHeader(ReadOnlySpan<char> line) =>
        line.TrimStart() is ['[', .. var rest] && rest.TrimStart('[').TrimStart() is [var first, ..] && char.IsAsciiLetter(first);

    /// <summary>UTF-8 without a byte order mark; invalid bytes are an error, for they could not be written back.</summary>
    public static Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}

using System.Globalization;
using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>Puts our hosts into the text of a hosts.toml and takes them out again; every other byte stays as it is.</summary>
/// <remarks>containerd tries hosts in the order of their table headers in the file, so ours go before the first one.</remarks>
internal static class HostsFile
{
    /// <summary>UTF-8 without a byte order mark; invalid bytes are an error, for they could not be written back.</summary>
    public static Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The registry itself, as the last that containerd asks.</summary>
    /// <param name="registry">Its name, or that of the default, whose server is the registry asked for.</param>
    public static HostEntry Server(string registry) => new(registry switch
    {
        HostsDirectory.Default => string.Empty,
        "docker.io" => "https://registry-1.docker.io",
        _ => $"https://{registry}",
    })
    { Capabilities = [] };

    /// <summary>The text for a registry that has no hosts.toml yet, before our part goes in.</summary>
    /// <param name="server">The registry itself.</param>
    /// <param name="certificates">Docker-style certificate files in the folder. containerd reads them only while there is no hosts.toml, so it must name them.</param>
    public static string Create(HostEntry server, IReadOnlyCollection<string> certificates)
    {
        var authorities = certificates.Where(file => file.EndsWith(".crt", StringComparison.Ordinal)).Select(file => $"\"{file}\"");
        var clients = certificates.Where(file => file.EndsWith(".cert", StringComparison.Ordinal))
            .Select(file => $"[\"{file}\", \"{Path.ChangeExtension(file, ".key")}\"]");
        return HostsText.Server(server)
            + (server.Authorities.Count > 0 ? string.Empty : List("ca", authorities))
            + (server.ClientCertificate is not null ? string.Empty : List("client", clients));
    }

    /// <summary><paramref name="others"/> with our part, in front of every other host.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="others">The text without our part.</param>
    /// <param name="existing">What becomes of it.</param>
    /// <param name="server">What takes the place of the registry itself; null to leave what the text says.</param>
    /// <param name="hosts">Our hosts, none of which is in <paramref name="others"/>, unless that is replaced.</param>
    /// <exception cref="InvalidDataException">It would not be TOML, or not in this order.</exception>
    public static string With(string file, string others, HostsExisting existing, HostEntry? server, IReadOnlyCollection<HostEntry> hosts)
    {
        var text = existing == HostsExisting.Kept ? others : HostsDocument.Parse(file, others).Off(hostsToo: existing == HostsExisting.Replaced);
        var kept = HostsDocument.Parse(file, text);
        var at = kept.BeforeFirstHeader(text);
        var separator = at > 0 && text[at - 1] != '\n' ? "\n" : string.Empty;
        var section = HostsText.Section(server, hosts, !kept.HasHostTable);
        var result = text[..at] + separator + section + text[at..];
        var expected = hosts.Select(host => host.Url).Concat(kept.Hosts);
        return HostsDocument.Parse($"{file} with our hosts", result).Hosts.SequenceEqual(expected)
            ? result
            : throw new InvalidDataException($"{file}: our hosts cannot be put in front of the others; write each host under a header, [host.\"...\"]");
    }

    /// <summary>Whether our part is in a text, whole.</summary>
    public static bool HasSection(string text) => FindSection(text) is not null;

    /// <summary><paramref name="text"/> without our part, and with what we put out of force.</summary>
    public static string Without(string text)
    {
        while (FindSection(text) is { } section)
        {
            text = text.Remove(section.Start, section.Length);
        }

        return text.Contains(HostsText.Off, StringComparison.Ordinal)
            ? string.Join('\n', text.Split('\n').Select(line => line.StartsWith(HostsText.Off, StringComparison.Ordinal) ? line[HostsText.Off.Length..] : line))
            : text;
    }

    private static (int Start, int Length)? FindSection(string text)
    {
        var begin = text.IndexOf(HostsText.Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : text.IndexOf(HostsText.End, begin, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var after = end + HostsText.End.Length;
        return (begin, (after < text.Length && text[after] == '\n' ? after + 1 : after) - begin);
    }

    /// <summary><paramref name="text"/> without the hosts that are ours though our marks are gone, and without marks that are no pair.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">A text without our part.</param>
    /// <param name="written">The hosts that we wrote last.</param>
    /// <exception cref="InvalidDataException">Something of ours is in it, but it is not TOML.</exception>
    public static string WithoutUnmarked(string file, string text, IReadOnlyCollection<string> written)
    {
        if (!written.Append(HostsText.Begin).Append(RegistrySecretFile.HeaderName).Any(sign => text.Contains(sign, StringComparison.Ordinal)))
        {
            return text;
        }

        var document = HostsDocument.Parse(file, text);
        var ours = document.Hosts.Where(host => written.Contains(host) || document.Find(host, "header", RegistrySecretFile.HeaderName) is not null);
        return string.Join('\n', document.Without(ours).Split('\n').Where(line => line.TrimEnd('\r') is not (HostsText.Begin or HostsText.End)));
    }

    /// <summary>A folder can be named <c>host_port_</c> for the registry <c>host:port</c>.</summary>
    public static string RegistryOf(string folder) =>
        folder is [_, _, .., '_'] && folder.LastIndexOf('_', folder.Length - 2) is > 0 and var separator
        && ushort.TryParse(folder.AsSpan((separator + 1)..^1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? $"{folder[..separator]}:{folder[(separator + 1)..^1]}"
            : folder;

    private static string List(string key, IEnumerable<string> values) =>
        string.Join(", ", values) is { Length: > 0 } joined ? $"{key} = [{joined}]\n" : string.Empty;
}

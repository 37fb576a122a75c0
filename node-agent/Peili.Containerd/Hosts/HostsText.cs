using System.Text;
using Peili.Toml;

namespace Peili.Containerd.Hosts;

/// <summary>What we put into a hosts.toml, between two marks.</summary>
internal static class HostsText
{
    /// <summary>First line of our part.</summary>
    public const string Begin = "# peili: begin. Written by peili-agent; `peili-agent cleanup` takes it out again.";

    /// <summary>Last line of our part.</summary>
    public const string End = "# peili: end.";

    /// <summary>Before each line that we put out of force and that comes back when we go.</summary>
    public const string Off = "# peili: off: ";

    /// <summary>Our part.</summary>
    /// <param name="server">What takes the place of the registry itself; null to leave what the file says.</param>
    /// <param name="hosts">Our hosts, in the order in which containerd tries them.</param>
    /// <param name="isAlone">Whether the file has no other host table.</param>
    public static string Section(HostEntry? server, IReadOnlyCollection<HostEntry> hosts, bool isAlone)
    {
        var text = new StringBuilder().Append(Begin).Append('\n');
        if (server is not null)
        {
            text.Append(Server(server));
        }

        foreach (var host in hosts)
        {
            AppendHost(text, host);
        }

        // containerd 1.x ignores a file without any host table.
        return text.Append(isAlone && hosts.Count == 0 ? "[host]\n" : string.Empty).Append(End).Append('\n').ToString();
    }

    /// <summary>The keys of a file that say where and how the registry itself is asked.</summary>
    public static string Server(HostEntry server)
    {
        var text = new StringBuilder();
        if (server.Url.Length > 0)
        {
            text.Append("server = ").Append(Quote(server.Url)).Append('\n');
        }

        AppendSettings(text, server, string.Empty);
        AppendHeaders(text, server, "[header]\n", "  ");
        return text.ToString();
    }

    private static void AppendHost(StringBuilder text, HostEntry host)
    {
        text.Append("[host.").Append(Quote(host.Url)).Append("]\n");
        AppendSettings(text, host, "  ");
        AppendHeaders(text, host, $"  [host.{Quote(host.Url)}.header]\n", "    ");
    }

    private static void AppendSettings(StringBuilder text, HostEntry host, string indent)
    {
        AppendList(text, indent, "capabilities", host.Capabilities.Select(Quote));
        Append(text, indent, "dial_timeout", host.DialTimeout is { } timeout ? Quote(timeout) : null);
        Append(text, indent, "override_path", host.OverridePath ? "true" : null);
        Append(text, indent, "skip_verify", host.SkipVerify ? "true" : null);
        AppendList(text, indent, "ca", host.Authorities.Select(Quote));
        Append(text, indent, "client", (host.ClientCertificate, host.ClientKey) switch
        {
            (null, _) => null,
            ({ } certificate, null) => Quote(certificate),
            ({ } certificate, { } key) => $"[[{Quote(certificate)}, {Quote(key)}]]",
        });
    }

    private static void AppendHeaders(StringBuilder text, HostEntry host, string header, string indent)
    {
        if (host.IsSecret)
        {
            text.Append(header);
            foreach (var (name, value) in host.AllHeaders)
            {
                Append(text, indent, IsBare(name) ? name : Quote(name), Quote(value));
            }
        }
    }

    private static void AppendList(StringBuilder text, string indent, string key, IEnumerable<string> values) =>
        Append(text, indent, key, string.Join(", ", values) is { Length: > 0 } joined ? $"[{joined}]" : null);

    private static void Append(StringBuilder text, string indent, string key, string? value)
    {
        if (value is not null)
        {
            text.Append(indent).Append(key).Append(" = ").Append(value).Append('\n');
        }
    }

    private static bool IsBare(string key) => key.Length > 0 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    private static string Quote(string value) => ((TomlValue)value).ToString();
}

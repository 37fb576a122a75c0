using System.Globalization;
using Peili.LocalCluster.Upstream;
using Peili.Reporting;
using Spectre.Console;

namespace Peili.Demo;

/// <summary>The pulls as a table, a row each.</summary>
internal static class PullTable
{
    private const int DigestCharacters = 8;

    /// <param name="screen">Where to show it.</param>
    /// <param name="pulls">The rows.</param>
    /// <param name="elapsed">What the seconds are those of.</param>
    public static void Show(Screen screen, IEnumerable<Pull> pulls, string elapsed)
    {
        var table = screen.NewTable("node", "pulls", ">upstream", ">peers", "sent by", ">seconds", ">MB/s");
        foreach (var pull in pulls)
        {
            table.AddRow(
                pull.Node,
                Shorten(pull.Reference),
                Megabytes(pull.FromUpstream) + (pull.UpstreamIsOn ? "" : " [yellow](off)[/]"),
                Megabytes(pull.FromPeers),
                Senders(pull),
                Number(pull.Elapsed.TotalSeconds, "0.00"),
                Number(pull.Speed, "0"));
        }

        screen.Show(table);
        screen.Line("[grey]upstream, peers, sent by: MB (10^6 bytes), by upstream's access log and the agents' own counts;[/]");
        screen.Line($"[grey]seconds: {Markup.Escape(elapsed)}[/]");
        screen.Line();
    }

    /// <summary>A reference without the registry's name, which is always the same, and with the first characters of the digest.</summary>
    private static string Shorten(string reference)
    {
        var name = reference[(UpstreamRegistry.Host.Length + 1)..];
        return name.IndexOf("sha256:", StringComparison.Ordinal) is var digest and >= 0
            ? name[..(digest + "sha256:".Length + DigestCharacters)]
            : name;
    }

    private static string Senders(Pull pull) =>
        pull.Senders.Count > 0
            ? string.Join(", ", pull.Senders.OrderByDescending(sender => sender.Value).Select(sender => $"{sender.Key} {Megabytes(sender.Value)}"))
            : "-";

    private static string Megabytes(long bytes) => Number(bytes / 1e6, "0.0");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

using Peili.Flavors;
using Peili.NodeAgent.Checks;

namespace Peili.NodeAgent.Commands;

/// <summary>The report of <c>check</c> for people.</summary>
internal static class CheckTable
{
    public static void Write(CheckReport report)
    {
        Table.Write(
        [
            ["node", $"{report.FlavorTitle} ({report.Flavor})"],
            ["containerd", $"{report.ContainerdVersion ?? "version unknown"}, {report.Socket}"],
            ["settings", report.ConfigFiles.Count > 0 ? string.Join(", ", report.ConfigFiles) : "none read"],
            ["certs.d", report.ConfigPath.Length > 0 ? report.ConfigPath : "none read"],
            ["verdict", VerdictOf(report.Verdict)],
        ]);
        if (report.Findings.Count > 0)
        {
            Console.WriteLine();
        }

        var said = new HashSet<(string?, string?)>();
        foreach (var finding in report.Findings)
        {
            Console.WriteLine($"{SeverityOf(finding.Severity)}  {TerminalColor.Bold(finding.Reason.ToString())}{(finding.Evidence is null ? string.Empty : $"  {finding.Evidence}")}");
            WriteIndented(finding.Message, 2);
            if (finding.Remedy is { } remedy)
            {
                WriteIndented("What to do: " + (said.Contains((remedy, finding.Snippet)) ? "as above." : remedy), 2);
            }

            if (finding.Snippet is { } snippet && said.Add((finding.Remedy, snippet)))
            {
                WriteIndented(snippet.TrimEnd('\n'), 6);
            }
        }
    }

    private static void WriteIndented(string text, int columns)
    {
        foreach (var line in text.Split('\n'))
        {
            Console.WriteLine(line.Length == 0 ? line : new string(' ', columns) + line);
        }
    }

    private static string VerdictOf(FlavorVerdict verdict) => verdict switch
    {
        FlavorVerdict.Compatible => TerminalColor.Green("compatible"),
        FlavorVerdict.NeedsConfiguration => TerminalColor.Yellow("NEEDS CONFIGURATION"),
        FlavorVerdict.Unsupported => TerminalColor.Red("UNSUPPORTED"),
        _ => TerminalColor.Red("COULD NOT TELL"),
    };

    private static string SeverityOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => TerminalColor.Red("error  "),
        FindingSeverity.Warning => TerminalColor.Yellow("warning"),
        _ => "note   ",
    };
}

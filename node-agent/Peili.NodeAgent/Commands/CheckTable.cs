using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary>The report of <c>check</c> for people.</summary>
internal static class CheckTable
{
    public static void Write(CheckReport report, TextReport page)
    {
        page.Facts(
        [
            ("node", $"{report.FlavorTitle} ({report.Flavor})"),
            ("containerd", $"{report.ContainerdVersion ?? "version unknown"}, {report.Socket}"),
            ("settings", report.ConfigFiles.Count > 0 ? string.Join(", ", report.ConfigFiles) : "none read"),
            ("certs.d", report.ConfigPath.Length > 0 ? report.ConfigPath : "none read"),
            ("verdict", VerdictOf(report.Verdict)),
        ]);
        if (report.Findings.Count > 0)
        {
            page.Line();
        }

        var said = new HashSet<(string?, string?)>();
        foreach (var finding in report.Findings)
        {
            page.Line(SeverityOf(finding.Severity), "  ", new Cell(finding.Reason.ToString(), Tint.Bold), finding.Evidence is null ? string.Empty : $"  {finding.Evidence}");
            page.Paragraph(finding.Message, 2);
            if (finding.Remedy is { } remedy)
            {
                page.Paragraph("What to do: " + (said.Contains((remedy, finding.Snippet)) ? "as above." : remedy), 2);
            }

            if (finding.Snippet is { } snippet && said.Add((finding.Remedy, snippet)))
            {
                page.Verbatim(snippet, 6);
            }
        }
    }

    private static Cell VerdictOf(FlavorVerdict verdict) => verdict switch
    {
        FlavorVerdict.Compatible => new Cell("compatible", Tint.Green),
        FlavorVerdict.NeedsConfiguration => new Cell("NEEDS CONFIGURATION", Tint.Yellow),
        FlavorVerdict.Unsupported => new Cell("UNSUPPORTED", Tint.Red),
        _ => new Cell("COULD NOT TELL", Tint.Red),
    };

    private static Cell SeverityOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => new Cell("error  ", Tint.Red),
        FindingSeverity.Warning => new Cell("warning", Tint.Yellow),
        _ => "note   ",
    };
}

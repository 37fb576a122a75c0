using System.Globalization;
using System.Text;

namespace Peili.Bench.Herd;

/// <summary>Draws pulls as an SVG: for each node, the image's bytes over time, by where they came from; with agents above, without below.</summary>
internal static class HerdPicture
{
    private const int Columns = 4;
    private const double PanelWidth = 210;
    private const double PanelHeight = 96;
    private const double Gap = 26;
    private const double Left = 54;
    private const double Top = 64;
    private const double BlockGap = 56;
    private const double Megabyte = 1e6;

    private const string Style =
        """
        text{font:12px system-ui,sans-serif;fill:#24292f}.t{font-weight:600;font-size:14px}.s{fill:#57606a}.g{stroke:#d0d7de}.u{fill:#bc4c00}.p{fill:#0969da}.f{fill:#fff}
        @media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.g{stroke:#3d444d}.u{fill:#db6d28}.p{fill:#4493f8}.f{fill:#0d1117}}
        """;

    /// <summary>The picture of two pulls of images of the same size, on one axis of time each.</summary>
    public static string Draw(string title, IReadOnlyList<HerdSample> with, IReadOnlyList<HerdSample> without, long imageBytes)
    {
        var rows = (with[0].Nodes.Count + Columns - 1) / Columns;
        var blockHeight = rows * (PanelHeight + Gap);
        var width = Left + (Columns * (PanelWidth + Gap));
        var height = Top + (2 * blockHeight) + BlockGap + 20;
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0} {height:0}\" role=\"img\" aria-label=\"{title}\"><style>{Style}</style>");
        Add(svg, $"<rect class=\"f\" width=\"{width:0}\" height=\"{height:0}\"/><text class=\"t\" x=\"12\" y=\"20\">{title}</text>");
        Add(svg, $"<rect class=\"u\" x=\"12\" y=\"30\" width=\"10\" height=\"10\"/><text x=\"27\" y=\"39\">from upstream</text><rect class=\"p\" x=\"132\" y=\"30\" width=\"10\" height=\"10\"/><text x=\"147\" y=\"39\">from other nodes</text>");
        DrawBlock(svg, "With agents", with, imageBytes, Top);
        DrawBlock(svg, "Without", without, imageBytes, Top + blockHeight + BlockGap);
        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawBlock(StringBuilder svg, string name, IReadOnlyList<HerdSample> samples, long imageBytes, double top)
    {
        var span = samples[^1].At;
        Add(svg, $"<text class=\"t\" x=\"12\" y=\"{top - 6:0}\">{name}: {span.TotalSeconds:0.0} s</text>");
        for (var node = 0; node < samples[0].Nodes.Count; node++)
        {
            var x = Left + (node % Columns * (PanelWidth + Gap));
            var y = top + (node / Columns * (PanelHeight + Gap));
            DrawPanel(svg, node, samples, imageBytes, x, y);
            if (node % Columns == 0)
            {
                Add(svg, $"<text class=\"s\" text-anchor=\"end\" x=\"{x - 6:0}\" y=\"{y + 10:0}\">{imageBytes / Megabyte:0} MB</text>");
            }
        }
    }

    private static void DrawPanel(StringBuilder svg, int node, IReadOnlyList<HerdSample> samples, long imageBytes, double x, double y)
    {
        var span = samples[^1].At;
        string Point(TimeSpan at, double bytes) =>
            string.Create(CultureInfo.InvariantCulture, $"{x + (at / span * PanelWidth):0.0},{y + PanelHeight - (Math.Min(1, bytes / imageBytes) * PanelHeight):0.0}");

        // An agent counts what it has passed on, containerd what it has written: the latter is a moment behind.
        var upstream = samples.Select(sample => (sample.At, Bytes: (double)Math.Max(0, sample.Nodes[node].Bytes - sample.Nodes[node].FromPeers))).ToList();
        var all = samples.Select(sample => (sample.At, Bytes: (double)sample.Nodes[node].Bytes)).ToList();
        Add(svg, $"<path class=\"g\" fill=\"none\" d=\"M{x:0.0},{y:0.0}v{PanelHeight:0}h{PanelWidth:0}\"/>");
        Add(svg, $"<path class=\"p\" d=\"M{string.Join('L', all.Select(sample => Point(sample.At, sample.Bytes)))}L{Point(span, 0)}L{Point(TimeSpan.Zero, 0)}z\"/>");
        Add(svg, $"<path class=\"u\" d=\"M{string.Join('L', upstream.Select(sample => Point(sample.At, sample.Bytes)))}L{Point(span, 0)}L{Point(TimeSpan.Zero, 0)}z\"/>");
        Add(svg, $"<text class=\"s\" x=\"{x:0}\" y=\"{y + PanelHeight + 15:0}\">node {node + 1}</text>");
        Add(svg, $"<text class=\"s\" text-anchor=\"end\" x=\"{x + PanelWidth:0}\" y=\"{y + PanelHeight + 15:0}\">{span.TotalSeconds:0} s</text>");
    }

    private static void Add(StringBuilder svg, FormattableString part) => svg.Append(part.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

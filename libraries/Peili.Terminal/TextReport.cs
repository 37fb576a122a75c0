using System.Text;

namespace Peili.Terminal;

/// <summary>
/// What a command tells people, as text: coloured and fitted to a terminal, or plain and of any width in a pipe. Control characters in it,
/// which may come from other machines, are shown as U+FFFD.
/// </summary>
/// <param name="color">Whether to write colours.</param>
/// <param name="width">Columns to keep to; null for as many as there are.</param>
public sealed class TextReport(bool color, int? width)
{
    private const int Gap = 2;
    private const int NarrowestColumn = 6;

    private readonly StringBuilder _text = new();

    /// <summary>Whether to show what is left out as a rule.</summary>
    public bool IsWide { get; init; }

    /// <summary>One for standard output as it is.</summary>
    /// <param name="format">Wide: nothing is cut off or broken, however narrow the terminal.</param>
    public static TextReport ForStandardOutput(OutputFormat format = OutputFormat.Table) =>
        new(StandardOutput.HasColor, format == OutputFormat.Wide ? null : StandardOutput.Width) { IsWide = format == OutputFormat.Wide };

    /// <summary>Writes a line, or an empty one. It is not broken: it may be there to be copied.</summary>
    public void Line(params ReadOnlySpan<Cell> parts)
    {
        foreach (var part in parts)
        {
            _text.Append(Painted(Visible(part.Text), part.Tint));
        }

        _text.Append('\n');
    }

    /// <summary>Writes prose, broken between words where the terminal ends.</summary>
    /// <param name="text">The text; line breaks in it stay.</param>
    /// <param name="indent">Spaces in front of each line.</param>
    public void Paragraph(Cell text, int indent = 0)
    {
        foreach (var line in text.Text.Split('\n').SelectMany(line => Broken(Visible(line), width - indent)))
        {
            Append(Painted(line, text.Tint), indent);
        }
    }

    /// <summary>Writes lines as they are, such as a snippet to paste.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="indent">Spaces in front of each.</param>
    public void Verbatim(string text, int indent = 0)
    {
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            Append(Visible(line), indent);
        }
    }

    /// <summary>Writes labels with what belongs to them beside them, broken between words where the terminal ends.</summary>
    public void Facts(IReadOnlyCollection<(string Label, Cell Value)> facts)
    {
        var indent = facts.Max(fact => fact.Label.Length) + Gap;
        foreach (var (label, value) in facts)
        {
            var start = label;
            foreach (var line in Broken(Visible(value.Text), width - indent))
            {
                _text.Append(start.PadRight(indent)).Append(Painted(line, value.Tint)).Append('\n');
                start = string.Empty;
            }
        }
    }

    /// <summary>Writes columns, as wide as their widest cell; where they are too many for the terminal, the widest are cut off.</summary>
    /// <param name="rows">The headings, and the rows; all have the same number of cells.</param>
    public void Table(IReadOnlyList<Cell[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Text.Length)).ToArray();
        Fit(widths);
        foreach (var row in rows)
        {
            var last = Array.FindLastIndex(row, cell => cell.Text.Length > 0);
            for (var column = 0; column <= last; column++)
            {
                var cell = Cut(Visible(row[column].Text), widths[column]);
                _text.Append(Painted(cell, row[column].Tint)).Append(' ', column == last ? 0 : widths[column] - cell.Length + Gap);
            }

            _text.Append('\n');
        }
    }

    /// <summary>What was written so far.</summary>
    public override string ToString() => _text.ToString();

    private static string Visible(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(character => character == '\t' ? ' ' : char.IsControl(character) ? '\uFFFD' : character)) : text;

    private static string Cut(string text, int columns) => text.Length <= columns ? text : text[..(columns - 1)] + "…";

    private static IEnumerable<string> Broken(string text, int? columns)
    {
        var room = Math.Max(columns ?? int.MaxValue, NarrowestColumn);
        while (text.Length > room)
        {
            // A word that is longer than the line, such as a path, stays whole: it may be there to be copied.
            var at = text.LastIndexOf(' ', room);
            at = at > 0 ? at : text.IndexOf(' ');
            if (at <= 0)
            {
                break;
            }

            yield return text[..at];
            text = text[(at + 1)..];
        }

        yield return text;
    }

    private void Fit(int[] widths)
    {
        var excess = widths.Sum() + (Gap * (widths.Length - 1)) - (width ?? int.MaxValue);
        for (; excess > 0 && widths.Max() > NarrowestColumn; excess--)
        {
            widths[Array.IndexOf(widths, widths.Max())]--;
        }
    }

    private void Append(string line, int indent) => _text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');

    private string Painted(string text, Tint tint) => !color || text.Length == 0 ? text : tint switch
    {
        Tint.Red => $"\e[31m{text}\e[0m",
        Tint.Yellow => $"\e[33m{text}\e[0m",
        Tint.Green => $"\e[32m{text}\e[0m",
        Tint.Bold => $"\e[1m{text}\e[0m",
        _ => text,
    };
}

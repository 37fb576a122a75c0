using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Peili.Reporting;

/// <summary>Standard output as people watch it: what goes on, and tables. Without a terminal it is plain text, 100 columns wide.</summary>
internal sealed class Screen
{
    private const int PlainWidth = 100;

    private readonly IAnsiConsole _console;
    private readonly TableBorder _border;
    private readonly long _started = Stopwatch.GetTimestamp();

    public Screen()
    {
        var plain = Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        _border = plain ? TableBorder.Ascii2 : TableBorder.Rounded;
        if (plain)
        {
            _console.Profile.Width = PlainWidth;
        }
    }

    /// <summary>Says what goes on from now on, with the time since the start. More lines than one are put below each other.</summary>
    public void Step(string what)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:0.0} s  ");
        var text = Markup.Escape(what.Replace("\n", "\n" + new string(' ', time.Length), StringComparison.Ordinal));
        _console.MarkupLine($"[grey]{time}[/]{text}");
    }

    /// <summary>Writes a line; <paramref name="markup"/> is Spectre.Console's.</summary>
    public void Line(string markup = "") => _console.MarkupLine(markup);

    /// <summary>Writes a line that a terminal's width must not break, such as a command to copy.</summary>
    public void Verbatim(string text) => _console.Profile.Out.Writer.WriteLine(text);

    /// <summary>A table without rows. A heading with a leading '&gt;' is of a column of numbers, aligned to the right.</summary>
    public Table NewTable(params ReadOnlySpan<string> headings)
    {
        var table = new Table { Border = _border };
        foreach (var heading in headings)
        {
            var number = heading.StartsWith('>');
            table.AddColumn(new TableColumn(Markup.Escape(heading.TrimStart('>'))) { NoWrap = number, Alignment = number ? Justify.Right : Justify.Left });
        }

        return table;
    }

    /// <summary>Writes a table, empty lines around it.</summary>
    public void Show(Table table)
    {
        _console.WriteLine();
        _console.Write(table);
        _console.WriteLine();
    }
}

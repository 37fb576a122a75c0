using System.Globalization;
using System.Text;

namespace Peili.Terminal.Watching;

/// <summary>A terminal that is drawn again in place. What stood there before is back when it ends, with the last answer below it.</summary>
internal sealed class ScreenView : IWatchView
{
    // The alternate screen (xterm's name), no cursor, and long lines cut off rather than wrapped, so that lines can be counted.
    private const string Enter = "\e[?1049h\e[?25l\e[?7l";
    private const string Leave = "\e[?7h\e[?25h\e[?1049l";

    private readonly OutputFormat _format;
    private readonly string _title;
    private string _last = string.Empty;
    private Cell? _said;

    public ScreenView(OutputFormat format, TimeSpan interval)
    {
        _format = format;
        _title = string.Create(CultureInfo.InvariantCulture, $"every {interval.TotalSeconds:0.#} s; Ctrl-C ends it");
        Console.Write(Enter);
    }

    public void Show(Answer answer)
    {
        _last = Output.Render(_format, answer);
        Draw();
    }

    public void Say(string text, bool isTrouble)
    {
        _said = new Cell(string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.Now:HH:mm:ss}  {text}"), isTrouble ? Tint.Red : Tint.Yellow);
        Draw();
    }

    public void Dispose() => Console.Write(Leave + (_last.Length > 0 || _said is null ? _last : _said.Value.Text + "\n"));

    private void Draw()
    {
        var page = TextReport.ForStandardOutput(_format);
        page.Line(string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.Now:HH:mm:ss}  {_title}"));
        if (_said is { } said)
        {
            page.Paragraph(said);
        }

        page.Line();
        Console.Write(Place((page + _last).TrimEnd('\n').Split('\n'), StandardOutput.Height));
    }

    /// <summary>Each line written over what stood there, and the rest of the screen emptied.</summary>
    internal static string Place(string[] lines, int height)
    {
        var shown = lines.Length <= height ? lines : [.. lines[..(height - 1)], $"… {lines.Length - height + 1} more lines; a pipe has them all"];
        return new StringBuilder("\e[H").AppendJoin("\e[K\r\n", shown).Append("\e[J").ToString();
    }
}

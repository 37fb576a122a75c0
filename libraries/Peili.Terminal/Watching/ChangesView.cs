using System.Globalization;

namespace Peili.Terminal.Watching;

/// <summary>For pipes and files: the first answer whole, then the lines that came and went, each with the time.</summary>
internal sealed class ChangesView(OutputFormat format) : IWatchView
{
    private string[]? _last;

    public void Show(Answer answer)
    {
        var text = Output.Render(format, answer);
        string[] lines = [.. text.Split('\n').Where(line => line.Length > 0)];
        if (_last is null)
        {
            Console.Write(text);
        }
        else
        {
            Append('-', _last.Except(lines, StringComparer.Ordinal));
            Append('+', lines.Except(_last, StringComparer.Ordinal));
        }

        _last = lines;
    }

    public void Say(string text, bool isTrouble) => Append('!', [text]);

    public void Dispose()
    {
    }

    private static void Append(char sign, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.Now:yyyy-MM-ddTHH:mm:sszzz} {sign} {line}"));
        }
    }
}

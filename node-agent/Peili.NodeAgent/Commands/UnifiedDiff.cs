using System.Globalization;
using System.Text;

namespace Peili.NodeAgent.Commands;

/// <summary>What changes between two texts, as <c>diff -u</c> writes it and <c>patch</c> reads it.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Beyond this many comparisons everything between the first and the last difference counts as changed.</summary>
    private const int MaxComparisons = 4_000_000;

    /// <summary>The difference; empty when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="before">Its text; null when it is made.</param>
    /// <param name="after">Its text afterwards.</param>
    public static string Of(string path, string? before, string after)
    {
        var changes = Changes(Lines(before ?? string.Empty), Lines(after));
        var text = new StringBuilder();
        foreach (var (start, end) in Hunks(changes))
        {
            AppendHunk(text, changes, start, end);
        }

        return text.Length == 0 ? string.Empty : $"--- {(before is null ? "/dev/null" : path)}\n+++ {path}\n{text}";
    }

    private static void AppendHunk(StringBuilder text, List<(char Sign, string Line)> changes, int start, int end)
    {
        var hunk = changes[start..end];
        text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(changes, hunk, start, '+')} +{Range(changes, hunk, start, '-')} @@\n");
        foreach (var (sign, line) in hunk)
        {
            text.Append(sign).Append(line).Append(line.EndsWith('\n') ? string.Empty : "\n\\ No newline at end of file\n");
        }
    }

    /// <summary>First line and number of lines of one side; a side without lines begins before the next.</summary>
    private static string Range(List<(char Sign, string Line)> changes, List<(char Sign, string Line)> hunk, int start, char otherSide)
    {
        var first = changes.Take(start).Count(change => change.Sign != otherSide);
        var count = hunk.Count(change => change.Sign != otherSide);
        return string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? first : first + 1)},{count}");
    }

    /// <summary>Where the changes are, with the lines around them; those that touch are one.</summary>
    private static List<(int Start, int End)> Hunks(List<(char Sign, string Line)> changes)
    {
        var hunks = new List<(int Start, int End)>();
        for (var index = 0; index < changes.Count; index++)
        {
            if (changes[index].Sign == ' ')
            {
                continue;
            }

            var end = Math.Min(changes.Count, index + 1 + Context);
            if (hunks is [.., var last] && last.End >= index - Context)
            {
                hunks[^1] = (last.Start, end);
            }
            else
            {
                hunks.Add((Math.Max(0, index - Context), end));
            }
        }

        return hunks;
    }

    private static List<(char Sign, string Line)> Changes(string[] before, string[] after)
    {
        var start = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var left = Math.Min(before.Length, after.Length) - start;
        var end = before.Reverse().Zip(after.Reverse()).Take(left).TakeWhile(pair => pair.First == pair.Second).Count();
        return
        [
            .. before.Take(start).Select(line => (' ', line)),
            .. Middle(before[start..^end], after[start..^end]),
            .. before.TakeLast(end).Select(line => (' ', line)),
        ];
    }

    /// <summary>The longest common subsequence stays.</summary>
    private static List<(char Sign, string Line)> Middle(string[] before, string[] after)
    {
        if ((long)before.Length * after.Length > MaxComparisons)
        {
            return [.. before.Select(line => ('-', line)), .. after.Select(line => ('+', line))];
        }

        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var changes = new List<(char, string)>();
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                changes.Add((' ', before[i++]));
                j++;
            }
            else if (j >= after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                changes.Add(('-', before[i++]));
            }
            else
            {
                changes.Add(('+', after[j++]));
            }
        }

        return changes;
    }

    /// <summary>Each with its newline.</summary>
    private static string[] Lines(string text)
    {
        var lines = text.Split('\n').Select(line => line + "\n").ToArray();
        lines[^1] = lines[^1][..^1];
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}

using Peili.Toml.Parsing;

namespace Peili.Toml.Editing;

/// <summary>Where the parts of a tree stand in the text.</summary>
internal static class Layout
{
    /// <summary>The sections of a value that is under headers, and of everything below it.</summary>
    public static IEnumerable<Section> SectionsOf(TomlValue value)
    {
        if (value is TomlTable { Section: { } section })
        {
            yield return section;
        }

        foreach (var inner in value switch
        {
            TomlTable { IsInOnePlace: false } table => table.Values.SelectMany(SectionsOf),
            TomlArray { IsTables: true } array => array.SelectMany(SectionsOf),
            _ => [],
        })
        {
            yield return inner;
        }
    }

    /// <summary>The expressions of a table, with those of its dotted keys, in the order of the text.</summary>
    public static List<TomlEntry> ExpressionsOf(TomlTable table)
    {
        var expressions = new List<TomlEntry>();
        Collect(table, expressions);
        expressions.Sort((one, other) => one.ExpressionStart.CompareTo(other.ExpressionStart));
        return expressions;
    }

    /// <summary>The offset of the comma behind an element; -1 where there is none.</summary>
    public static int CommaBehind(SourceText source, int end)
    {
        var scanner = new Scanner(source) { Position = end };
        scanner.SkipTrivia();
        return scanner.Current == ',' ? scanner.Position : -1;
    }

    /// <summary>The offset of the first character from <paramref name="offset"/> on that is no blank.</summary>
    public static int SkipBlanks(SourceText source, int offset)
    {
        var scanner = new Scanner(source) { Position = offset };
        scanner.SkipBlanks();
        return scanner.Position;
    }

    /// <summary>The blanks a line begins with.</summary>
    public static string IndentAt(SourceText source, int offset)
    {
        var start = source.LineStart(offset);
        return source.Text[start..SkipBlanks(source, start)];
    }

    /// <summary>Whether only blanks stand before a place on its line.</summary>
    public static bool IsFirstOnLine(SourceText source, int offset) => SkipBlanks(source, source.LineStart(offset)) == offset;

    /// <summary>Whether a line has nothing or only blanks on it.</summary>
    public static bool IsBlankLine(SourceText source, int start) => SkipBlanks(source, start) == source.LineEnd(start);

    /// <summary>Whether a line has only a comment on it.</summary>
    public static bool IsCommentLine(SourceText source, int start)
        => SkipBlanks(source, start) is var at && at < source.Text.Length && source.Text[at] == '#';

    /// <summary>
    /// The start of the first of the comment lines right above a line; the line's own where there are none. What looks like one
    /// above <paramref name="floor"/> is in a string.
    /// </summary>
    public static int SkipCommentsUp(SourceText source, int start, int floor)
    {
        while (start > floor && IsCommentLine(source, source.LineStart(start - 1)))
        {
            start = source.LineStart(start - 1);
        }

        return start;
    }

    private static void Collect(TomlTable table, List<TomlEntry> expressions)
    {
        foreach (var entry in table.Entries)
        {
            if (entry.ExpressionStart >= 0)
            {
                expressions.Add(entry);
            }
            else if (entry.Value is TomlTable { Definition: TableDefinition.Dotted } dotted)
            {
                Collect(dotted, expressions);
            }
        }
    }
}

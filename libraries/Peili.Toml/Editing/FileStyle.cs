using Peili.Toml.Parsing;

namespace Peili.Toml.Editing;

/// <summary>How a document is written, so that what is added looks like it.</summary>
internal sealed record FileStyle
{
    /// <summary>What to write where there is nothing to look like.</summary>
    public static FileStyle Default { get; } = new();

    public string Newline { get; private init; } = "\n";

    public string Assignment { get; private init; } = " = ";

    public char KeyQuote { get; private init; } = TomlText.BasicQuote;

    public char ValueQuote { get; private init; } = TomlText.BasicQuote;

    /// <summary>Whether an empty line stands before headers.</summary>
    public bool HasBlankLines { get; private init; } = true;

    /// <summary>What keys are indented by, on top of their header.</summary>
    public string KeyIndent { get; private init; } = "";

    /// <summary>What headers are indented by, on top of the header of their parent.</summary>
    public string HeaderIndent { get; private init; } = "";

    public static FileStyle Of(SourceText source, TomlTable root)
    {
        var newline = source.Text.IndexOf('\n');
        var style = Default with { Newline = newline > 0 && source.Text[newline - 1] == '\r' ? "\r\n" : "\n" };
        var tables = TablesOf(root).ToList();
        var expressions = tables.Where(table => table.Section is not null).SelectMany(Layout.ExpressionsOf).ToList();
        if (expressions.Count > 0)
        {
            style = style with { Assignment = source.Text[expressions[0].Value.Start - 1] == '=' ? "=" : " = " };
        }

        var keyQuote = tables.SelectMany(table => table.Entries).Select(entry => source.Text[entry.KeyStart]).FirstOrDefault(IsQuote);
        var valueQuote = expressions.SelectMany(entry => QuotesIn(source, entry.Value)).FirstOrDefault();
        var headers = SectionsWithHeader(tables);
        return style with
        {
            KeyQuote = keyQuote != default ? keyQuote : valueQuote != default ? valueQuote : style.KeyQuote,
            ValueQuote = valueQuote != default ? valueQuote : keyQuote != default ? keyQuote : style.ValueQuote,
            HasBlankLines = headers.Count < 2 || headers.Skip(1).Any(section => IsBehindBlankLine(source, section.Start)),
            KeyIndent = KeyIndentOf(source, tables),
            HeaderIndent = HeaderIndentOf(source, tables),
        };
    }

    private static IEnumerable<TomlTable> TablesOf(TomlTable table)
        => table.Values.SelectMany(value => value switch
        {
            TomlTable { IsInOnePlace: false } inner => TablesOf(inner),
            TomlArray { IsTables: true } array => array.SelectMany(element => TablesOf((TomlTable)element)),
            _ => [],
        }).Prepend(table);

    private static List<Section> SectionsWithHeader(List<TomlTable> tables)
        => [.. tables.Select(table => table.Section).OfType<Section>().Where(section => section.HasHeader).OrderBy(section => section.Start)];

    private static IEnumerable<char> QuotesIn(SourceText source, TomlValue value)
        => value is TomlArray array
            ? array.SelectMany(item => QuotesIn(source, item))
            : new[] { source.Text[value.Start] }.Where(IsQuote);

    private static bool IsQuote(char character) => character is TomlText.BasicQuote or TomlText.LiteralQuote;

    private static bool IsBehindBlankLine(SourceText source, int offset)
    {
        var start = Layout.SkipCommentsUp(source, source.LineStart(offset), source.Start);
        return start > source.Start && Layout.IsBlankLine(source, source.LineStart(start - 1));
    }

    private static string KeyIndentOf(SourceText source, List<TomlTable> tables)
    {
        foreach (var table in tables)
        {
            if (table.Section is { HasHeader: true, HasKeys: true } section)
            {
                return Deeper(
                    Layout.IndentAt(source, section.Start),
                    Layout.IndentAt(source, Layout.ExpressionsOf(table)[0].ExpressionStart));
            }
        }

        return "";
    }

    private static string HeaderIndentOf(SourceText source, List<TomlTable> tables)
    {
        foreach (var table in tables)
        {
            if (table.Section is { HasHeader: true } outer
                && table.Values.OfType<TomlTable>().Select(inner => inner.Section).FirstOrDefault(section => section is not null) is { } section)
            {
                return Deeper(Layout.IndentAt(source, outer.Start), Layout.IndentAt(source, section.Start));
            }
        }

        return "";
    }

    private static string Deeper(string outer, string inner)
        => inner.StartsWith(outer, StringComparison.Ordinal) ? inner[outer.Length..] : "";
}

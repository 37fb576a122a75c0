using Peili.Toml.Parsing;

namespace Peili.Toml.Editing;

/// <summary>Finds out how a value gets into a text.</summary>
internal sealed class Insertion(SourceText source, TomlTable root)
{
    private readonly FileStyle _style = FileStyle.Of(source, root);

    public List<TextEdit> Set(ReadOnlySpan<TomlStep> path, TomlValue value)
    {
        var place = Place.Of(root, path);
        if (place.Steps == path.Length)
        {
            return Replace(place.Value, value);
        }

        return place.Value switch
        {
            TomlTable { IsInOnePlace: false, Definition: not TableDefinition.Dotted } table => AddToTable(table, path, place.Steps, value),
            TomlTable => AddExpression(place, path, value),
            TomlArray array => AddElement(array, path, place.Steps, value),
            _ => throw Refuse(place.Value, $"'{path[place.Steps]}' cannot be in it"),
        };
    }

    public List<TextEdit> Before(ReadOnlySpan<TomlStep> sibling, string key, TomlValue value)
    {
        var place = Place.Of(root, sibling);
        if (sibling.IsEmpty || place.Steps < sibling.Length || place.Parent is not TomlTable parent)
        {
            throw new InvalidOperationException("there is no such key to insert another before");
        }

        if (parent.ContainsKey(key))
        {
            throw Refuse(parent[key], "its key cannot be inserted again");
        }

        parent.TryGetEntry(sibling[^1].Key!, out var entry);
        TomlStep[] path = [.. sibling[..^1], key];
        if (entry.ExpressionStart >= 0)
        {
            return BeforeExpression(entry, Place.Of(root, sibling[..^1]), path, value);
        }

        var start = value is TomlTable && place.Value is not TomlTable { Definition: TableDefinition.Dotted }
            ? Layout.SectionsOf(place.Value).Select(section => section.Start).DefaultIfEmpty(-1).Min()
            : -1;
        return start < 0
            ? throw Refuse(place.Value, "only a table can be inserted before it, and only where it has a header")
            : [BeforeSection(start, path, (TomlTable)value)];
    }

    private static InvalidOperationException Refuse(TomlValue value, string reason)
        => new($"the value at {value.Position} is {value.Describe()}: {reason}");

    private static string[] KeysOf(ReadOnlySpan<TomlStep> path) => [.. path.ToArray().Select(step => step.Key).OfType<string>()];

    private static string[] KeySteps(ReadOnlySpan<TomlStep> path)
    {
        var keys = KeysOf(path);
        return keys.Length == path.Length
            ? keys
            : throw new InvalidOperationException("the path has an index where there is no array");
    }

    private List<TextEdit> Replace(TomlValue old, TomlValue value)
    {
        if (!old.IsInOnePlace)
        {
            throw Refuse(old, "it is not written in one place; remove it, or set what is in it");
        }

        var first = source.Text[old.Start];
        var quote = first is TomlText.BasicQuote or TomlText.LiteralQuote ? first : _style.ValueQuote;
        return [new TextEdit(old.Start, old.End, TomlText.Of(value, quote))];
    }

    private List<TextEdit> AddToTable(TomlTable table, ReadOnlySpan<TomlStep> path, int steps, TomlValue value)
    {
        var missing = KeySteps(path[steps..]);
        if (missing.Length == 1 && value is not TomlTable && table.Section is { } section)
        {
            var line = LineOf(missing, value);
            return [section.HasHeader || section.HasKeys ? BehindLine(table, section, line) : AtTop(line)];
        }

        var writer = new TomlWriter(_style, HeaderIndentIn(table));
        var keys = KeysOf(path);
        if (value is TomlTable inner)
        {
            writer.TableWithKeys(inner, keys);
        }
        else
        {
            writer.Table(keys.AsSpan()[..^1]);
            writer.Value(keys[^1], value);
        }

        return [BehindSections(table, writer)];
    }

    private List<TextEdit> AddExpression(Place place, ReadOnlySpan<TomlStep> path, TomlValue value)
    {
        var line = LineOf(KeySteps(path[place.OwnerSteps..]), value);
        var table = (TomlTable)place.Value;
        if (place.Owner.Section is { } section)
        {
            return [BehindLine(table, section, line)];
        }

        var expressions = Layout.ExpressionsOf(table);
        return expressions.Count > 0
            ? [Insert(expressions[^1].Value.End, ", " + line)]
            : [Insert(table.Start + 1, source.Text[table.Start + 1] == ' ' ? " " + line : $" {line} ")];
    }

    private List<TextEdit> AddElement(TomlArray array, ReadOnlySpan<TomlStep> path, int steps, TomlValue value)
    {
        if (path[steps].Key is not null || path[steps].Index != array.Count)
        {
            throw Refuse(array, $"its next index is {array.Count}, not '{path[steps]}'");
        }

        foreach (var key in KeySteps(path[(steps + 1)..]).Reverse())
        {
            value = new TomlTable((key, value));
        }

        if (!array.IsTables)
        {
            return array.Count == 0
                ? [Insert(array.Start + 1, TomlText.Of(value, _style.ValueQuote))]
                : Append(array[^1], TomlText.Of(value, _style.ValueQuote));
        }

        if (value is not TomlTable table)
        {
            throw Refuse(array, "only a table can be added to it");
        }

        var keys = KeysOf(path[..steps]);
        var writer = new TomlWriter(_style, Layout.IndentAt(source, array[^1].Start));
        writer.Element(keys);
        writer.Keys(table, keys);
        return [BehindSections(array, writer)];
    }

    private List<TextEdit> Append(TomlValue last, string text)
    {
        var comma = Layout.CommaBehind(source, last.End);
        var behind = comma < 0 ? last.End : comma + 1;
        var edits = new List<TextEdit>();
        if (comma < 0)
        {
            edits.Add(Insert(behind, ","));
        }
        else
        {
            text += ",";
        }

        if (!Layout.IsFirstOnLine(source, last.Start))
        {
            edits.Add(Insert(behind, " " + text));
            return edits;
        }

        var next = Layout.SkipBlanks(source, behind);
        var isLastOnLine = next == source.LineEnd(next) || source.Text[next] == '#';
        edits.Add(Insert(isLastOnLine ? source.LineEnd(next) : behind, _style.Newline + Layout.IndentAt(source, last.Start) + text));
        return edits;
    }

    private List<TextEdit> BeforeExpression(TomlEntry entry, Place parent, ReadOnlySpan<TomlStep> path, TomlValue value)
    {
        var line = LineOf(KeySteps(path[parent.OwnerSteps..]), value);
        return [Insert(entry.ExpressionStart, parent.Owner.Section is null
            ? line + ", "
            : line + _style.Newline + Layout.IndentAt(source, entry.ExpressionStart))];
    }

    private TextEdit BeforeSection(int start, ReadOnlySpan<TomlStep> path, TomlTable table)
    {
        var at = source.LineStart(start);
        var writer = new TomlWriter(_style, source.Text[at..start]);
        var end = Layout.SectionsOf(root).Where(section => section.Start < start).Max(section => section.End);
        var comments = Layout.SkipCommentsUp(source, at, end == source.Start ? end : source.NextLine(end));

        // Comments at the very top are about the file rather than about its first table.
        at = comments == source.Start ? at : comments;
        writer.TableWithKeys(table, KeysOf(path));
        return Insert(at, writer + (_style.HasBlankLines ? _style.Newline : ""));
    }

    private TextEdit BehindLine(TomlTable table, Section section, string line)
    {
        var expressions = Layout.ExpressionsOf(table);
        var (end, indent) = expressions.Count > 0
            ? (expressions[^1].Value.End, Layout.IndentAt(source, expressions[^1].ExpressionStart))
            : (section.End, Layout.IndentAt(source, section.Start) + _style.KeyIndent);
        return Insert(source.LineEnd(end), _style.Newline + indent + line);
    }

    private TextEdit AtTop(string line)
    {
        var at = source.Start;
        while (at < source.Text.Length && Layout.IsCommentLine(source, at))
        {
            at = source.NextLine(at);
        }

        var needsBlankLine = at < source.Text.Length && !Layout.IsBlankLine(source, at);
        return InsertLines(at, line + _style.Newline + (needsBlankLine ? _style.Newline : ""));
    }

    private TextEdit BehindSections(TomlValue value, TomlWriter writer)
    {
        var at = ReferenceEquals(value, root)
            ? source.Text.Length
            : source.LineEnd(Layout.SectionsOf(value).Max(section => section.End));
        var lines = writer.ToString();
        if (at < source.Text.Length)
        {
            return Insert(at, _style.Newline + BlankLine + lines[..^_style.Newline.Length]);
        }

        var isFirst = at == source.Start || Layout.IsBlankLine(source, source.LineStart(at - 1));
        return InsertLines(at, (isFirst ? "" : BlankLine) + lines);
    }

    private string BlankLine => _style.HasBlankLines ? _style.Newline : "";

    /// <summary>Inserts whole lines where one may begin or the text end without a newline.</summary>
    private TextEdit InsertLines(int at, string lines)
        => Insert(at, at > source.Start && source.Text[at - 1] != '\n' ? _style.Newline + lines[..^_style.Newline.Length] : lines);

    private string HeaderIndentIn(TomlTable table)
    {
        var inner = table.Values.SelectMany(Layout.SectionsOf).FirstOrDefault();
        return inner is not null
            ? Layout.IndentAt(source, inner.Start)
            : table.Section is { HasHeader: true } section
                ? Layout.IndentAt(source, section.Start) + _style.HeaderIndent
                : "";
    }

    private string LineOf(string[] keys, TomlValue value)
        => string.Join('.', keys.Select(key => TomlText.OfKey(key, _style.KeyQuote))) + _style.Assignment
            + TomlText.Of(value, _style.ValueQuote);

    private static TextEdit Insert(int at, string text) => new(at, at, text);
}

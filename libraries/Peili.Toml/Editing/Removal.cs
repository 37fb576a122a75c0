using Peili.Toml.Parsing;

namespace Peili.Toml.Editing;

/// <summary>Finds out how a value gets out of a text.</summary>
internal sealed class Removal(SourceText source, TomlTable root)
{
    private readonly List<TextEdit> _edits = [];

    /// <summary>The edits that remove the value at a path, which there is.</summary>
    public List<TextEdit> Remove(ReadOnlySpan<TomlStep> path)
    {
        var place = Place.Of(root, path);
        if (place.Parent is TomlArray { IsTables: false } array)
        {
            RemoveElement(array, path[^1].Index);
            return _edits;
        }

        if (place.Parent is TomlTable parent && parent.TryGetEntry(path[^1].Key!, out var entry))
        {
            var owner = Place.Of(root, path[..^1]).Owner;
            var expressions = entry.ExpressionStart >= 0 ? [entry]
                : place.Value is TomlTable { Definition: TableDefinition.Dotted } dotted ? Layout.ExpressionsOf(dotted) : [];
            if (owner.Section is null && expressions.Count > 0)
            {
                RemoveInline(Layout.ExpressionsOf(owner), expressions);
                return _edits;
            }

            expressions.ForEach(RemoveLine);
        }

        foreach (var section in Layout.SectionsOf(place.Value))
        {
            RemoveSection(section);
        }

        return _edits;
    }

    private void RemoveElement(TomlArray array, int index)
    {
        var (start, end) = (array[index].Start, array[index].End);
        var comma = Layout.CommaBehind(source, end);
        if (comma < 0 && index > 0)
        {
            // The comma before the last element becomes superfluous, and what stands between them is kept.
            var before = Layout.CommaBehind(source, array[index - 1].End);
            if (Layout.SkipBlanks(source, before + 1) == start)
            {
                start = before;
            }
            else
            {
                _edits.Add(new TextEdit(before, before + 1, ""));
            }
        }
        else if (comma >= 0 && Layout.SkipBlanks(source, end) == comma)
        {
            end = comma + 1;
        }
        else if (comma >= 0)
        {
            _edits.Add(new TextEdit(comma, comma + 1, ""));
        }

        var next = Layout.SkipBlanks(source, end);
        if (next == source.LineEnd(next) && Layout.IsFirstOnLine(source, start))
        {
            (start, end) = (source.LineStart(start), source.NextLine(next));
        }
        else if (end == comma + 1 && comma >= 0)
        {
            end = next;
        }

        _edits.Add(new TextEdit(start, end, ""));
    }

    private void RemoveInline(List<TomlEntry> all, List<TomlEntry> removed)
    {
        var starts = removed.Select(entry => entry.ExpressionStart).ToHashSet();
        var keptBefore = false;
        for (var index = 0; index < all.Count; index++)
        {
            if (!starts.Contains(all[index].ExpressionStart))
            {
                keptBefore = true;
                continue;
            }

            _edits.Add(keptBefore
                ? new TextEdit(all[index - 1].Value.End, all[index].Value.End, "")
                : new TextEdit(
                    all[index].ExpressionStart,
                    index + 1 < all.Count ? all[index + 1].ExpressionStart : all[index].Value.End,
                    ""));
        }
    }

    private void RemoveLine(TomlEntry entry)
        => _edits.Add(new TextEdit(source.LineStart(entry.ExpressionStart), source.NextLine(entry.Value.End), ""));

    /// <summary>Removes a header and the lines under it, and the empty lines before it.</summary>
    private void RemoveSection(Section section)
    {
        var start = source.LineStart(section.Start);
        while (start > source.Start && Layout.IsBlankLine(source, source.LineStart(start - 1)))
        {
            start = source.LineStart(start - 1);
        }

        _edits.Add(new TextEdit(start, source.NextLine(section.End), ""));
    }
}

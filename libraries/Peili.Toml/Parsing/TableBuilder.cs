namespace Peili.Toml.Parsing;

/// <summary>Which tables headers and dotted keys make, and which they may not touch any more.</summary>
internal sealed class TableBuilder(Scanner scanner)
{
    private int _values;

    /// <summary>The table of a <c>[header]</c>.</summary>
    public TomlTable AddTable(TomlTable root, List<KeyPart> path, int start)
    {
        var parent = OpenParents(root, path);
        var key = path[^1];
        if (!parent.TryGetEntry(key.Name, out var entry))
        {
            return Create(parent, key, start, TableDefinition.Header);
        }

        if (entry.Value is not TomlTable { Definition: TableDefinition.Implicit } table)
        {
            throw AlreadyDefined(key, entry);
        }

        table.Definition = TableDefinition.Header;
        table.Start = start;
        return table;
    }

    /// <summary>The table of an <c>[[header]]</c>.</summary>
    public TomlTable AddElement(TomlTable root, List<KeyPart> path, int start)
    {
        var parent = OpenParents(root, path);
        var key = path[^1];
        if (!parent.TryGetEntry(key.Name, out var entry))
        {
            CheckDepth(parent.Depth + 1, key.Start);
            entry = new TomlEntry(new TomlArray(scanner.Source, start, isTables: true), key.Start, -1);
            parent.Add(key.Name, entry);
        }

        if (entry.Value is not TomlArray { IsTables: true } array)
        {
            throw AlreadyDefined(key, entry);
        }

        Count();
        CheckDepth(parent.Depth + 2, key.Start);
        var table = new TomlTable(scanner.Source, start, TableDefinition.Header, parent.Depth + 2);
        array.Add(table);
        return table;
    }

    /// <summary>The table that the last part of a dotted key goes into, which does not have it yet.</summary>
    public TomlTable OpenDotted(TomlTable table, List<KeyPart> path)
    {
        foreach (var part in path[..^1])
        {
            if (!table.TryGetEntry(part.Name, out var entry))
            {
                table = Create(table, part, part.Start, TableDefinition.Dotted);
            }
            else if (entry.Value is TomlTable { Definition: TableDefinition.Dotted } dotted)
            {
                table = dotted;
            }
            else
            {
                throw AlreadyDefined(part, entry);
            }
        }

        var key = path[^1];
        return table.TryGetEntry(key.Name, out var present) ? throw AlreadyDefined(key, present) : table;
    }

    /// <summary>Counts a value or table that is about to be made.</summary>
    public void Count()
    {
        if (++_values > TomlDocument.MaxValues)
        {
            throw scanner.Failure($"more than {TomlDocument.MaxValues} values and tables");
        }
    }

    public void CheckDepth(int depth, int at)
    {
        if (depth > TomlDocument.MaxDepth)
        {
            throw scanner.Failure($"nested deeper than {TomlDocument.MaxDepth}", at);
        }
    }

    private TomlTable OpenParents(TomlTable table, List<KeyPart> path)
    {
        foreach (var part in path[..^1])
        {
            if (!table.TryGetEntry(part.Name, out var entry))
            {
                table = Create(table, part, part.Start, TableDefinition.Implicit);
                continue;
            }

            table = entry.Value switch
            {
                TomlTable { Definition: not TableDefinition.Inline } inner => inner,
                TomlArray { IsTables: true } array => (TomlTable)array[^1],
                _ => throw AlreadyDefined(part, entry),
            };
        }

        return table;
    }

    private TomlTable Create(TomlTable parent, KeyPart key, int start, TableDefinition definition)
    {
        Count();
        CheckDepth(parent.Depth + 1, key.Start);
        var table = new TomlTable(scanner.Source, start, definition, parent.Depth + 1);
        parent.Add(key.Name, new TomlEntry(table, key.Start, -1));
        return table;
    }

    private TomlException AlreadyDefined(KeyPart key, TomlEntry entry)
        => scanner.Failure(
            $"'{Scanner.Quote(key.Name)}' is already {entry.Value.Describe()} ({scanner.Source.PositionOf(entry.KeyStart)}), which this would redefine",
            key.Start);
}

namespace Peili.Toml.Parsing;

/// <summary>Reads a document line by line: headers and keys with values.</summary>
internal sealed class DocumentParser
{
    private readonly Scanner _scanner;
    private readonly TableBuilder _tables;
    private readonly List<KeyPart> _key = [];

    private DocumentParser(SourceText source)
    {
        _scanner = new Scanner(source);
        _tables = new TableBuilder(_scanner);
    }

    /// <summary>Reads a document and returns its root.</summary>
    /// <exception cref="TomlException">It is not TOML.</exception>
    public static TomlTable Parse(SourceText source) => new DocumentParser(source).ReadDocument();

    private TomlTable ReadDocument()
    {
        var root = new TomlTable(_scanner.Source, _scanner.Position, TableDefinition.Header, 0)
        {
            Section = new Section(-1, _scanner.Position),
        };
        var current = root;
        while (!_scanner.AtEnd)
        {
            _scanner.SkipBlanks();
            if (_scanner.Current == '[')
            {
                current = ReadHeader(root);
            }
            else if (_scanner.Current != '#' && !_scanner.AtNewline && !_scanner.AtEnd)
            {
                ReadExpression(current);
                current.Section!.AddKeyThatEndsAt(_scanner.Position);
            }

            _scanner.EndLine();
        }

        return root;
    }

    private TomlTable ReadHeader(TomlTable root)
    {
        var start = _scanner.Position++;
        var isElement = _scanner.TryTake('[');
        KeySyntax.Read(_scanner, _key);
        if (!_scanner.TryTake(']') || (isElement && !_scanner.TryTake(']')))
        {
            throw _scanner.Unexpected(isElement ? "']]' or '.'" : "']' or '.'");
        }

        var table = isElement ? _tables.AddElement(root, _key, start) : _tables.AddTable(root, _key, start);
        table.Section = new Section(start, _scanner.Position);
        return table;
    }

    private void ReadExpression(TomlTable table)
    {
        var start = _scanner.Position;
        KeySyntax.Read(_scanner, _key);
        if (!_scanner.TryTake('='))
        {
            throw _scanner.Unexpected("'=' or '.'");
        }

        var parent = _tables.OpenDotted(table, _key);
        var key = _key[^1];
        _scanner.SkipBlanks();
        parent.Add(key.Name, new TomlEntry(ReadValue(parent.Depth), key.Start, start));
    }

    private TomlValue ReadValue(int depth)
    {
        _tables.Count();
        var start = _scanner.Position;
        TomlValue value = _scanner.Current switch
        {
            '[' => ReadArray(depth + 1),
            '{' => ReadInlineTable(depth + 1),
            _ => new TomlScalar(ScalarSyntax.Read(_scanner), _scanner.Source, start),
        };
        value.End = _scanner.Position;
        return value;
    }

    private TomlArray ReadArray(int depth)
    {
        _tables.CheckDepth(depth, _scanner.Position);
        var array = new TomlArray(_scanner.Source, _scanner.Position++, isTables: false);
        while (true)
        {
            _scanner.SkipTrivia();
            if (_scanner.TryTake(']'))
            {
                return array;
            }

            array.Add(ReadValue(depth));
            _scanner.SkipTrivia();
            if (!_scanner.TryTake(',') && _scanner.Current != ']')
            {
                throw _scanner.Unexpected("',' or ']'");
            }
        }
    }

    private TomlTable ReadInlineTable(int depth)
    {
        _tables.CheckDepth(depth, _scanner.Position);
        var table = new TomlTable(_scanner.Source, _scanner.Position++, TableDefinition.Inline, depth);
        _scanner.SkipBlanks();
        if (_scanner.TryTake('}'))
        {
            return table;
        }

        do
        {
            _scanner.SkipBlanks();
            ReadExpression(table);
            _scanner.SkipBlanks();
        }
        while (_scanner.TryTake(','));

        return _scanner.TryTake('}') ? table : throw _scanner.Unexpected("',' or '}'");
    }
}

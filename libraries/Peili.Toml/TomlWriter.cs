using System.Text;
using Peili.Toml.Editing;

namespace Peili.Toml;

/// <summary>Writes a document from top to bottom.</summary>
public sealed class TomlWriter
{
    private readonly StringBuilder _text = new();
    private readonly FileStyle _style;
    private string _headerIndent;
    private string _keyIndent = "";

    /// <summary>Begins an empty document.</summary>
    public TomlWriter()
        : this(FileStyle.Default, "")
    {
    }

    internal TomlWriter(FileStyle style, string headerIndent)
    {
        _style = style;
        _headerIndent = headerIndent;
    }

    /// <summary>Writes a table as a whole document.</summary>
    /// <param name="table">The table; its tables get headers, those in arrays are written inline.</param>
    public static string Write(TomlTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var writer = new TomlWriter();
        writer.Keys(table);
        return writer.ToString();
    }

    /// <summary>Writes lines of comment.</summary>
    /// <param name="text">The comment without <c>#</c>.</param>
    /// <exception cref="ArgumentException">It has control characters other than tabs and newlines.</exception>
    public void Comment(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var line in text.Split('\n'))
        {
            if (!line.All(Parsing.Scanner.IsText))
            {
                throw new ArgumentException("a comment may not have control characters", nameof(text));
            }

            Line(_keyIndent, line.Length == 0 ? "#" : "# " + line);
        }
    }

    /// <summary>Writes a header, before it an empty line; the keys that follow are this table's.</summary>
    /// <param name="path">The keys from the root; at least one.</param>
    public void Table(params ReadOnlySpan<string> path) => Header("[", path, "]");

    /// <summary>Writes the header of an element of an array of tables, before it an empty line.</summary>
    /// <param name="path">The keys from the root; at least one.</param>
    public void Element(params ReadOnlySpan<string> path) => Header("[[", path, "]]");

    /// <summary>Writes a key and its value on a line.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; tables in braces.</param>
    public void Value(string key, TomlValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Line(
            _keyIndent,
            TomlText.OfKey(key, _style.KeyQuote) + _style.Assignment + TomlText.Of(value, _style.ValueQuote));
    }

    /// <summary>What was written so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Writes what is in a table: the values first, then the tables in it under headers.</summary>
    internal void Keys(TomlTable table, params ReadOnlySpan<string> path)
    {
        foreach (var (key, value) in table)
        {
            if (value is not TomlTable)
            {
                Value(key, value);
            }
        }

        foreach (var (key, value) in table)
        {
            if (value is TomlTable inner)
            {
                TableWithKeys(inner, [.. path, key]);
            }
        }
    }

    /// <summary>Writes a table; without a header where it has only tables in it.</summary>
    internal void TableWithKeys(TomlTable table, params ReadOnlySpan<string> path)
    {
        var outer = _headerIndent;
        if (table.Count == 0 || table.Values.Any(value => value is not TomlTable))
        {
            Table(path);
            _headerIndent += _style.HeaderIndent;
        }

        Keys(table, path);
        _headerIndent = outer;
    }

    private void Header(string open, ReadOnlySpan<string> path, string close)
    {
        if (path.IsEmpty)
        {
            throw new ArgumentException("a header wants at least one key", nameof(path));
        }

        if (_text.Length > 0 && _style.HasBlankLines)
        {
            _text.Append(_style.Newline);
        }

        var keys = path.ToArray().Select(key => TomlText.OfKey(key, _style.KeyQuote));
        Line(_headerIndent, open + string.Join('.', keys) + close);
        _keyIndent = _headerIndent + _style.KeyIndent;
    }

    private void Line(string indent, string text) => _text.Append(indent).Append(text).Append(_style.Newline);
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using Peili.Toml.Editing;
using Peili.Toml.Parsing;

namespace Peili.Toml;

/// <summary>A TOML 1.0 document: its text and what the text says. It is not for use by several threads while it is edited.</summary>
/// <remarks>
/// An edit changes the text where it must and nowhere else, so comments, order and layout stay. Afterwards <see cref="Root"/> is
/// another tree; values taken from the former one stay as they were.
/// </remarks>
public sealed class TomlDocument
{
    /// <summary>The longest document that is read, in bytes (in UTF-16 code units where it is given as a string).</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>How deep arrays and tables may be in each other.</summary>
    public const int MaxDepth = 128;

    /// <summary>How many values and tables a document may have, as each takes up to 400 bytes of memory.</summary>
    public const int MaxValues = 500_000;

    private SourceText _source;

    private TomlDocument(SourceText source)
    {
        _source = source;
        Root = DocumentParser.Parse(source);
    }

    /// <summary>The table of everything in the document.</summary>
    public TomlTable Root { get; private set; }

    /// <summary>Reads a document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="file">What <see cref="TomlValue.File"/> says of the values in it.</param>
    /// <exception cref="TomlException">It is not TOML 1.0, or beyond a limit.</exception>
    public static TomlDocument Parse(string text, string? file = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TomlDocument(SourceText.From(text, file));
    }

    /// <summary>Reads a document.</summary>
    /// <param name="utf8">The document as it stands in a file.</param>
    /// <param name="file">What <see cref="TomlValue.File"/> says of the values in it.</param>
    /// <exception cref="TomlException">It is not TOML 1.0, not UTF-8, or beyond a limit.</exception>
    public static TomlDocument Parse(ReadOnlySpan<byte> utf8, string? file = null) => new(SourceText.From(utf8, file));

    /// <summary>Reads a document that may well be wrong.</summary>
    /// <param name="utf8">The document as it stands in a file.</param>
    /// <param name="document">The document.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <param name="file">What <see cref="TomlValue.File"/> says of the values in it.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        [NotNullWhen(true)] out TomlDocument? document,
        [NotNullWhen(false)] out TomlException? error,
        string? file = null)
    {
        try
        {
            document = Parse(utf8, file);
            error = null;
            return true;
        }
        catch (TomlException exception)
        {
            document = null;
            error = exception;
            return false;
        }
    }

    /// <summary>The value at a path; null where there is none.</summary>
    /// <param name="path">Keys and indices from <see cref="Root"/>.</param>
    public TomlValue? Find(params ReadOnlySpan<TomlStep> path) => Root.Find(path);

    /// <summary>Replaces the value at a path, or adds it with the tables it needs.</summary>
    /// <param name="path">Keys, and indices of arrays; an index that is the length of its array adds an element.</param>
    /// <param name="value">The value; a table becomes one with a header where the place allows.</param>
    /// <exception cref="InvalidOperationException">
    /// The path leads through a value that is no table or array; or to a table that is written under headers or with dotted keys,
    /// which would not be replaced in one place: remove it, or set its keys.
    /// </exception>
    /// <exception cref="TomlException">The document would be beyond a limit, or the value holds half of a surrogate pair.</exception>
    public void Set(ReadOnlySpan<TomlStep> path, TomlValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Apply(new Insertion(_source, Root).Set(path, value));
    }

    /// <summary>Adds a key before another of the same table, or a table before another.</summary>
    /// <param name="sibling">The path of what comes after it.</param>
    /// <param name="key">The key, which the table does not have yet.</param>
    /// <param name="value">The value; a table where the sibling is one with a header.</param>
    /// <exception cref="InvalidOperationException">There is no such sibling, the key is there, or the value cannot stand there.</exception>
    /// <exception cref="TomlException">As for <see cref="Set"/>.</exception>
    public void InsertBefore(ReadOnlySpan<TomlStep> sibling, string key, TomlValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Apply(new Insertion(_source, Root).Before(sibling, key, value));
    }

    /// <summary>
    /// Removes a value with its key; a table with everything in it, and with the comments between its lines. A table that exists only
    /// because of what is removed goes with it.
    /// </summary>
    /// <param name="path">Keys and indices; at least one.</param>
    /// <returns>Whether there was such a value.</returns>
    public bool Remove(params ReadOnlySpan<TomlStep> path)
    {
        if (path.IsEmpty)
        {
            throw new ArgumentException("the path is empty", nameof(path));
        }

        if (Find(path) is null)
        {
            return false;
        }

        Apply(new Removal(_source, Root).Remove(path));
        return true;
    }

    /// <summary>The text, to the last character as it was where it was not edited.</summary>
    public override string ToString() => _source.Text;

    /// <summary>The text as it stands in a file.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_source.Text);

    private void Apply(List<TextEdit> edits)
    {
        var source = SourceText.From(TextEdit.Apply(_source.Text, edits), _source.File);
        Root = DocumentParser.Parse(source);
        _source = source;
    }
}

using System.Text;
using System.Text.Unicode;

namespace Peili.Toml.Parsing;

/// <summary>The characters of a document and where its lines are.</summary>
internal sealed class SourceText(string text, string? file)
{
    public const char ByteOrderMark = '\uFEFF';

    private int[]? _lines;

    public string Text => text;

    /// <summary>What the document is called.</summary>
    public string? File => file;

    /// <summary>The offset of the first character that is not the byte order mark.</summary>
    public int Start => text.StartsWith(ByteOrderMark) ? 1 : 0;

    /// <summary>Checks that a text is one of Unicode's and not too long.</summary>
    public static SourceText From(string text, string? file)
    {
        if (text.Length > TomlDocument.MaxLength)
        {
            throw TooLong();
        }

        var source = new SourceText(text, file);
        var at = IndexOfLoneSurrogate(text);
        return at < 0 ? source : throw new TomlException("half of a surrogate pair", source.PositionOf(at));
    }

    /// <summary>Decodes and checks a file.</summary>
    public static SourceText From(ReadOnlySpan<byte> utf8, string? file)
    {
        if (utf8.Length > TomlDocument.MaxLength)
        {
            throw TooLong();
        }

        if (Utf8.IsValid(utf8))
        {
            return new SourceText(Encoding.UTF8.GetString(utf8), file);
        }

        var valid = new char[utf8.Length];
        Utf8.ToUtf16(utf8, valid, out var read, out var written, replaceInvalidSequences: false);
        var source = new SourceText(new string(valid, 0, written), file);
        throw new TomlException($"byte 0x{utf8[read]:X2} is not valid UTF-8", source.PositionOf(written));
    }

    public TomlPosition PositionOf(int offset)
    {
        _lines ??= FindLines();
        var line = Array.BinarySearch(_lines, offset);
        line = line < 0 ? ~line - 1 : line;
        var column = 1;
        for (var index = Math.Max(_lines[line], Start); index < offset; index++)
        {
            column += char.IsLowSurrogate(text[index]) ? 0 : 1;
        }

        return new TomlPosition(line + 1, column);
    }

    /// <summary>The offset of the first character of the line that <paramref name="offset"/> is on.</summary>
    public int LineStart(int offset) => Math.Max(offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1, Start);

    /// <summary>The offset of the newline that ends the line, or of the end of the text.</summary>
    public int LineEnd(int offset)
    {
        var newline = text.IndexOf('\n', offset);
        return newline < 0 ? text.Length : newline > offset && text[newline - 1] == '\r' ? newline - 1 : newline;
    }

    /// <summary>The offset of the line after the one that <paramref name="offset"/> is on.</summary>
    public int NextLine(int offset)
    {
        var newline = text.IndexOf('\n', offset);
        return newline < 0 ? text.Length : newline + 1;
    }

    private static TomlException TooLong()
        => new($"the document is longer than {TomlDocument.MaxLength} bytes", new TomlPosition(1, 1));

    private static int IndexOfLoneSurrogate(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
            {
                continue;
            }

            if (!Rune.TryGetRuneAt(text, index, out _))
            {
                return index;
            }

            index++;
        }

        return -1;
    }

    private int[] FindLines()
    {
        var lines = new List<int> { 0 };
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            lines.Add(at + 1);
        }

        return [.. lines];
    }
}

namespace Peili.Toml.Parsing;

/// <summary>The place in a document that the parser has come to.</summary>
internal sealed class Scanner(SourceText source)
{
    private const int LongestQuotation = 64;

    public SourceText Source => source;

    public string Text { get; } = source.Text;

    public int Position { get; set; } = source.Start;

    public bool AtEnd => Position == Text.Length;

    /// <summary>The character at the place; NUL, which TOML has nowhere, at the end.</summary>
    public char Current => AtEnd ? '\0' : Text[Position];

    public bool AtNewline => Current == '\n' || (Current == '\r' && Position + 1 < Text.Length && Text[Position + 1] == '\n');

    /// <summary>A tab or anything else that is no control character.</summary>
    public static bool IsText(char character) => character == '\t' || (character >= ' ' && character != '\x7f');

    public bool TryTake(char character)
    {
        if (Current != character || AtEnd)
        {
            return false;
        }

        Position++;
        return true;
    }

    public bool TryTakeNewline()
    {
        if (!AtNewline)
        {
            return false;
        }

        Position += Current == '\r' ? 2 : 1;
        return true;
    }

    public void SkipBlanks()
    {
        while (Current is ' ' or '\t')
        {
            Position++;
        }
    }

    /// <summary>Skips what may stand between the elements of an array: blanks, newlines and comments.</summary>
    public void SkipTrivia()
    {
        do
        {
            SkipBlanks();
            SkipComment();
        }
        while (TryTakeNewline());
    }

    /// <summary>Goes to the next line, past blanks and a comment.</summary>
    public void EndLine()
    {
        SkipBlanks();
        SkipComment();
        if (!AtEnd && !TryTakeNewline())
        {
            throw Unexpected("the end of the line");
        }
    }

    public TomlException Unexpected(string wanted) => Failure($"expected {wanted}, found {DescribeCurrent()}");

    public TomlException Failure(string reason) => Failure(reason, Position);

    public TomlException Failure(string reason, int at) => new(reason, source.PositionOf(at));

    public string DescribeCurrent() => AtEnd
        ? "the end of the document"
        : AtNewline
            ? "the end of the line"
            : IsText(Current) && Current is not (SourceText.ByteOrderMark or '\t' or ' ')
                ? $"'{Quote(Text.AsSpan(Position, char.IsHighSurrogate(Current) ? 2 : 1))}'"
                : $"the character U+{(int)Current:X4}";

    /// <summary>Text from the document as an error message may hold it.</summary>
    public static string Quote(ReadOnlySpan<char> text)
        => text.Length <= LongestQuotation ? text.ToString() : $"{text[..LongestQuotation]}…";

    private void SkipComment()
    {
        if (!TryTake('#'))
        {
            return;
        }

        while (!AtEnd && !AtNewline)
        {
            if (!IsText(Current))
            {
                throw Failure($"{DescribeCurrent()} may not stand in a comment");
            }

            Position++;
        }
    }
}

using System.Text;

namespace Peili.Toml.Parsing;

/// <summary>Strings: basic and literal, on one line and on several.</summary>
internal static class StringSyntax
{
    private const int Delimiter = 3;

    /// <summary>Reads the string that begins at a quote.</summary>
    /// <param name="scanner">The document.</param>
    /// <param name="mayHaveLines">Whether three quotes begin a string of several lines; in a key they do not.</param>
    public static string Read(Scanner scanner, bool mayHaveLines)
    {
        var start = scanner.Position;
        var quote = scanner.Current;
        var hasLines = QuotesAhead(scanner, quote, Delimiter) == Delimiter;
        if (hasLines && !mayHaveLines)
        {
            throw scanner.Failure("a key may not be a multi-line string");
        }

        scanner.Position += hasLines ? Delimiter : 1;
        if (hasLines)
        {
            scanner.TryTakeNewline();
        }

        StringBuilder? unescaped = null;
        var from = scanner.Position;
        while (true)
        {
            var character = scanner.Current;
            if (character == quote)
            {
                var quotes = hasLines ? QuotesAhead(scanner, quote, Delimiter + 2) : 1;
                scanner.Position += quotes;
                if (!hasLines || quotes >= Delimiter)
                {
                    var last = scanner.Text.AsSpan(from..(scanner.Position - (hasLines ? Delimiter : 1)));
                    return unescaped is null ? last.ToString() : unescaped.Append(last).ToString();
                }
            }
            else if (character == '\\' && quote == TomlText.BasicQuote)
            {
                unescaped ??= new StringBuilder();
                unescaped.Append(scanner.Text, from, scanner.Position - from);
                ReadEscape(scanner, unescaped, hasLines);
                from = scanner.Position;
            }
            else if (Scanner.IsText(character))
            {
                scanner.Position++;
            }
            else if (!hasLines || !scanner.TryTakeNewline())
            {
                throw scanner.AtEnd || scanner.AtNewline
                    ? scanner.Failure("the string that begins here is not closed", start)
                    : scanner.Failure($"{scanner.DescribeCurrent()} may not stand in a string");
            }
        }
    }

    private static int QuotesAhead(Scanner scanner, char quote, int most)
    {
        var count = 0;
        while (count < most && scanner.Position + count < scanner.Text.Length && scanner.Text[scanner.Position + count] == quote)
        {
            count++;
        }

        return count;
    }

    private static void ReadEscape(Scanner scanner, StringBuilder unescaped, bool hasLines)
    {
        var start = scanner.Position++;
        var character = scanner.Current;
        if (hasLines && (character is ' ' or '\t' || scanner.AtNewline))
        {
            SkipLineEnding(scanner, start);
            return;
        }

        scanner.Position += scanner.AtEnd ? 0 : 1;
        switch (character)
        {
            case 'b': unescaped.Append('\b'); break;
            case 't': unescaped.Append('\t'); break;
            case 'n': unescaped.Append('\n'); break;
            case 'f': unescaped.Append('\f'); break;
            case 'r': unescaped.Append('\r'); break;
            case '"' or '\\': unescaped.Append(character); break;
            case 'u': unescaped.Append(ReadCodePoint(scanner, start, 4)); break;
            case 'U': unescaped.Append(ReadCodePoint(scanner, start, 8)); break;
            default: throw scanner.Failure("unknown escape sequence", start);
        }
    }

    private static void SkipLineEnding(Scanner scanner, int start)
    {
        scanner.SkipBlanks();
        if (!scanner.AtNewline)
        {
            throw scanner.Failure("unknown escape sequence", start);
        }

        while (scanner.TryTakeNewline())
        {
            scanner.SkipBlanks();
        }
    }

    private static string ReadCodePoint(Scanner scanner, int start, int digits)
    {
        var value = 0L;
        for (var index = 0; index < digits; index++)
        {
            if (!char.IsAsciiHexDigit(scanner.Current))
            {
                throw scanner.Failure($"the escape sequence wants {digits} hexadecimal digits", start);
            }

            value = (value << 4) | (uint)NumberSyntax.HexDigit(scanner.Current);
            scanner.Position++;
        }

        return value <= 0x10ffff && Rune.IsValid((int)value)
            ? new Rune((int)value).ToString()
            : throw scanner.Failure($"U+{value:X4} is not a Unicode scalar value", start);
    }
}

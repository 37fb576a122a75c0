using System.Globalization;

namespace Peili.Toml.Parsing;

/// <summary>Integers and floats.</summary>
internal static class NumberSyntax
{
    /// <summary>Reads a whole token: a <see cref="long"/> or a <see cref="double"/>, or null with a reason.</summary>
    public static object? Parse(ReadOnlySpan<char> token, out string reason)
    {
        var hasSign = token[0] is '+' or '-';
        var unsigned = hasSign ? token[1..] : token;
        reason = "it is neither a number nor a date";
        switch (unsigned)
        {
            case "nan":
                return double.NaN;
            case "inf":
                return token[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case ['0', 'x', .. var digits]:
                return hasSign ? null : ParsePower(digits, 4, ref reason);
            case ['0', 'o', .. var digits]:
                return hasSign ? null : ParsePower(digits, 3, ref reason);
            case ['0', 'b', .. var digits]:
                return hasSign ? null : ParsePower(digits, 1, ref reason);
            default:
                return ParseDecimal(token, unsigned, ref reason);
        }
    }

    private static object? ParseDecimal(ReadOnlySpan<char> token, ReadOnlySpan<char> unsigned, ref string reason)
    {
        var at = 0;
        if (!TakeDigits(unsigned, ref at))
        {
            return null;
        }

        if (at > 1 && unsigned[0] == '0')
        {
            reason = "a number may not begin with a superfluous 0";
            return null;
        }

        var isInteger = at == unsigned.Length;
        if (at < unsigned.Length && unsigned[at] == '.')
        {
            at++;
            if (!TakeDigits(unsigned, ref at))
            {
                return null;
            }
        }

        if (at < unsigned.Length && unsigned[at] is 'e' or 'E')
        {
            at++;
            at += at < unsigned.Length && unsigned[at] is '+' or '-' ? 1 : 0;
            if (!TakeDigits(unsigned, ref at))
            {
                return null;
            }
        }

        if (at < unsigned.Length)
        {
            return null;
        }

        var digits = WithoutUnderscores(token);
        if (!isInteger)
        {
            return double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        reason = "it does not fit into 64 bits";
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>Passes digits with single underscores between them.</summary>
    private static bool TakeDigits(ReadOnlySpan<char> text, ref int at)
    {
        var start = at;
        while (at < text.Length
            && (char.IsAsciiDigit(text[at]) || (text[at] == '_' && at > start && text[at - 1] != '_')))
        {
            at++;
        }

        return at > start && text[at - 1] != '_';
    }

    private static long? ParsePower(ReadOnlySpan<char> text, int bits, ref string reason)
    {
        var value = 0L;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '_' && index > 0 && text[index - 1] != '_')
            {
                continue;
            }

            var digit = char.IsAsciiHexDigit(text[index]) ? HexDigit(text[index]) : int.MaxValue;
            if (digit >> bits != 0)
            {
                return null;
            }

            if (value >> (63 - bits) != 0)
            {
                reason = "it does not fit into 64 bits";
                return null;
            }

            value = (value << bits) | (uint)digit;
        }

        return text.IsEmpty || text[^1] == '_' ? null : value;
    }

    public static int HexDigit(char character) => character <= '9' ? character - '0' : (character | ' ') - 'a' + 10;

    private static string WithoutUnderscores(ReadOnlySpan<char> token) => token.ToString().Replace("_", "", StringComparison.Ordinal);
}

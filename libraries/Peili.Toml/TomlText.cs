using System.Buffers;
using System.Globalization;
using System.Text;

namespace Peili.Toml;

/// <summary>Keys and values as TOML writes them on one line.</summary>
internal static class TomlText
{
    public const char BasicQuote = '"';
    public const char LiteralQuote = '\'';

    private static readonly SearchValues<char> s_bare
        = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>A key, without quotes where it can be.</summary>
    public static string OfKey(string key, char quote)
    {
        if (key.Length > 0 && !key.AsSpan().ContainsAnyExcept(s_bare))
        {
            return key;
        }

        var text = new StringBuilder();
        AppendString(text, key, quote);
        return text.ToString();
    }

    /// <summary>A value; strings in it in <paramref name="quote"/> where they can be.</summary>
    public static string Of(TomlValue value, char quote)
    {
        var text = new StringBuilder();
        Append(text, value, quote);
        return text.ToString();
    }

    private static void Append(StringBuilder text, TomlValue value, char quote)
    {
        switch (value)
        {
            case TomlArray array:
                text.Append('[');
                text.AppendJoin(", ", array.Select(item => Of(item, quote)));
                text.Append(']');
                break;
            case TomlTable { Count: 0 }:
                text.Append("{}");
                break;
            case TomlTable table:
                text.Append("{ ");
                text.AppendJoin(", ", table.Select(pair => $"{OfKey(pair.Key, quote)} = {Of(pair.Value, quote)}"));
                text.Append(" }");
                break;
            case TomlScalar { Value: string characters }:
                AppendString(text, characters, quote);
                break;
            case TomlScalar scalar:
                text.Append(OfScalar(scalar.Value));
                break;
        }
    }

    private static string OfScalar(object value) => value switch
    {
        bool boolean => boolean ? "true" : "false",
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        double number => OfFloat(number.ToString("R", CultureInfo.InvariantCulture)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string OfFloat(string digits) => digits.AsSpan().ContainsAny('.', 'E') ? digits : digits + ".0";

    private static void AppendString(StringBuilder text, string value, char quote)
    {
        if (quote == LiteralQuote && value.All(character => character != LiteralQuote && !MustBeEscaped(character)))
        {
            text.Append(quote).Append(value).Append(quote);
            return;
        }

        text.Append(BasicQuote);
        foreach (var character in value)
        {
            AppendCharacter(text, character);
        }

        text.Append(BasicQuote);
    }

    private static void AppendCharacter(StringBuilder text, char character)
    {
        var escape = character switch
        {
            '"' or '\\' => character,
            '\b' => 'b',
            '\n' => 'n',
            '\f' => 'f',
            '\r' => 'r',
            '\t' => 't',
            _ => default,
        };
        if (escape != default)
        {
            text.Append('\\').Append(escape);
        }
        else if (MustBeEscaped(character))
        {
            text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
        }
        else
        {
            text.Append(character);
        }
    }

    private static bool MustBeEscaped(char character) => character < ' ' ? character != '\t' : character == '\x7f';
}

namespace Peili.Toml.Parsing;

/// <summary>Dates and times: RFC 3339 with the freedoms TOML gives.</summary>
internal static class DateTimeSyntax
{
    private const int DateLength = 10;
    private const int TimeLength = 8;
    private const int MinutesPerDay = 24 * 60;

    /// <summary>Whether a token can be nothing but a date or a time.</summary>
    public static bool IsLike(ReadOnlySpan<char> token) => BeginsLikeDate(token) || BeginsLikeTime(token);

    /// <summary>Reads a whole token; null where it is no date or time.</summary>
    public static TomlDateTime? Parse(ReadOnlySpan<char> token)
    {
        if (!BeginsLikeDate(token))
        {
            return ParseTime(token, new TomlDateTime { Kind = TomlKind.LocalTime });
        }

        if (token.Length < DateLength || ParseDate(token[..DateLength]) is not { } date)
        {
            return null;
        }

        return token.Length == DateLength
            ? date
            : token[DateLength] is 'T' or 't' or ' '
                ? ParseTime(token[(DateLength + 1)..], date with { Kind = TomlKind.LocalDateTime })
                : null;
    }

    private static bool BeginsLikeDate(ReadOnlySpan<char> token) => token.Length > 4 && Digits(token[..4]) >= 0 && token[4] == '-';

    private static bool BeginsLikeTime(ReadOnlySpan<char> token) => token.Length > 2 && Digits(token[..2]) >= 0 && token[2] == ':';

    private static TomlDateTime? ParseDate(ReadOnlySpan<char> text)
    {
        var (year, month, day) = (Digits(text[..4]), Digits(text[5..7]), Digits(text[8..]));
        return text[7] == '-' && month is >= 1 and <= 12 && day >= 1 && day <= DaysInMonth(year, month)
            ? new TomlDateTime { Kind = TomlKind.LocalDate, Year = year, Month = month, Day = day }
            : null;
    }

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static TomlDateTime? ParseTime(ReadOnlySpan<char> text, TomlDateTime date)
    {
        if (text.Length < TimeLength || text[2] != ':' || text[5] != ':')
        {
            return null;
        }

        var (hour, minute, second) = (Digits(text[..2]), Digits(text[3..5]), Digits(text[6..8]));
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            return null;
        }

        var rest = text[TimeLength..];
        if (!TakeFraction(ref rest, out var nanosecond))
        {
            return null;
        }

        var time = date with { Hour = hour, Minute = minute, Second = second, Nanosecond = nanosecond };
        return rest.IsEmpty ? time : date.Kind == TomlKind.LocalDateTime ? ParseOffset(rest, time) : null;
    }

    private static bool TakeFraction(ref ReadOnlySpan<char> text, out int nanosecond)
    {
        nanosecond = 0;
        if (text is not ['.', ..])
        {
            return true;
        }

        var scale = 100_000_000;
        var at = 1;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            nanosecond += scale * (text[at] - '0');
            scale /= 10;
        }

        text = text[at..];
        return at > 1;
    }

    private static TomlDateTime? ParseOffset(ReadOnlySpan<char> text, TomlDateTime local)
    {
        var offset = 0;
        if (text is not ("Z" or "z"))
        {
            if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':')
            {
                return null;
            }

            var (hours, minutes) = (Digits(text[1..3]), Digits(text[4..]));
            if (hours is < 0 or > 23 || minutes is < 0 or > 59)
            {
                return null;
            }

            offset = ((hours * 60) + minutes) * (text[0] == '-' ? -1 : 1);
        }

        return local.Second == 60 && !IsLastOfDay(local, offset)
            ? null
            : local with { Kind = TomlKind.OffsetDateTime, OffsetMinutes = offset };
    }

    /// <summary>Whether the minute is UTC's last, the only one that a leap second can prolong.</summary>
    private static bool IsLastOfDay(TomlDateTime local, int offset)
        => ((local.Hour * 60) + local.Minute - offset + (2 * MinutesPerDay)) % MinutesPerDay == MinutesPerDay - 1;

    /// <summary>The value of decimal digits; -1 where one is none.</summary>
    private static int Digits(ReadOnlySpan<char> text)
    {
        var value = 0;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return -1;
            }

            value = (value * 10) + character - '0';
        }

        return value;
    }
}

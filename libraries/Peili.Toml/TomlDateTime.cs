using System.Globalization;
using Peili.Toml.Parsing;

namespace Peili.Toml;

/// <summary>One of the four date and time types of TOML, in the parts it is written in.</summary>
/// <remarks>
/// The types of .NET hold less than RFC 3339 writes: no year 0, no leap second, no offset beyond 14 hours. Parts that
/// <see cref="Kind"/> does not have are 0.
/// </remarks>
public readonly record struct TomlDateTime
{
    /// <summary>Which of the four.</summary>
    public TomlKind Kind { get; internal init; }

    /// <summary>0 to 9999.</summary>
    public int Year { get; internal init; }

    /// <summary>1 to 12.</summary>
    public int Month { get; internal init; }

    /// <summary>1 to the length of the month.</summary>
    public int Day { get; internal init; }

    /// <summary>0 to 23.</summary>
    public int Hour { get; internal init; }

    /// <summary>0 to 59.</summary>
    public int Minute { get; internal init; }

    /// <summary>0 to 60.</summary>
    public int Second { get; internal init; }

    /// <summary>0 to 999999999; further digits are cut off.</summary>
    public int Nanosecond { get; internal init; }

    /// <summary>Minutes that the local time is ahead of UTC.</summary>
    public int OffsetMinutes { get; internal init; }

    /// <summary>Reads one as it stands in a document.</summary>
    /// <param name="text">For instance <c>1979-05-27T07:32:00Z</c>.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static TomlDateTime Parse(string text)
        => DateTimeSyntax.Parse(text) ?? throw new FormatException($"'{text}' is not a date or time of TOML");

    /// <summary>The value as RFC 3339 writes it.</summary>
    public override string ToString() => Kind switch
    {
        TomlKind.OffsetDateTime => $"{Date}T{Time}{Offset}",
        TomlKind.LocalDateTime => $"{Date}T{Time}",
        TomlKind.LocalDate => Date,
        _ => Time,
    };

    private string Date => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}-{Day:00}");

    private string Time => string.Create(CultureInfo.InvariantCulture, $"{Hour:00}:{Minute:00}:{Second:00}")
        + (Nanosecond == 0 ? "" : "." + Nanosecond.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0'));

    private string Offset => OffsetMinutes == 0
        ? "Z"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(OffsetMinutes < 0 ? '-' : '+')}{Math.Abs(OffsetMinutes) / 60:00}:{Math.Abs(OffsetMinutes) % 60:00}");
}

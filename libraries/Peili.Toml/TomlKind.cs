namespace Peili.Toml;

/// <summary>The types of values TOML 1.0 has.</summary>
public enum TomlKind
{
    /// <summary>Text.</summary>
    String,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>An IEEE 754 binary64 number.</summary>
    Float,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A date and time with an offset from UTC.</summary>
    OffsetDateTime,

    /// <summary>A date and time without an offset.</summary>
    LocalDateTime,

    /// <summary>A date.</summary>
    LocalDate,

    /// <summary>A time of day.</summary>
    LocalTime,

    /// <summary>A list of values, also of the tables under <c>[[headers]]</c>.</summary>
    Array,

    /// <summary>Keys with values, however it is written.</summary>
    Table,
}

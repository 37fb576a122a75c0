using Peili.Toml.Parsing;

namespace Peili.Toml;

/// <summary>A value in a document, or one to be written into one.</summary>
public abstract class TomlValue
{
    private readonly SourceText? _source;

    private protected TomlValue(SourceText? source, int start)
    {
        _source = source;
        Start = start;
    }

    /// <summary>The type of the value.</summary>
    public abstract TomlKind Kind { get; }

    /// <summary>
    /// Where the value begins; for a table with a header the header, for one without the key that first names it. Its default
    /// where the value was not read from a document.
    /// </summary>
    public TomlPosition Position => _source?.PositionOf(Start) ?? default;

    /// <summary>The name of the document, where it was given one: with it, values of several documents can be in one table.</summary>
    public string? File => _source?.File;

    /// <summary>The offset of the value's first character.</summary>
    internal int Start { get; set; }

    /// <summary>The offset behind the value's last character; meaningless where the value is not written in one place.</summary>
    internal int End { get; set; }

    /// <summary>Whether the value stands behind a key or in an array, rather than under headers or behind dotted keys.</summary>
    internal abstract bool IsInOnePlace { get; }

    /// <summary>Makes a string.</summary>
    public static implicit operator TomlValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new TomlScalar(value);
    }

    /// <summary>Makes an integer.</summary>
    public static implicit operator TomlValue(long value) => new TomlScalar(value);

    /// <summary>Makes a float.</summary>
    public static implicit operator TomlValue(double value) => new TomlScalar(value);

    /// <summary>Makes a boolean.</summary>
    public static implicit operator TomlValue(bool value) => new TomlScalar(value);

    /// <summary>Makes a date or time.</summary>
    public static implicit operator TomlValue(TomlDateTime value) => new TomlScalar(value);

    /// <summary>The value at a path from this one; null where there is none.</summary>
    /// <param name="path">Keys and indices.</param>
    public TomlValue? Find(params ReadOnlySpan<TomlStep> path)
    {
        var value = this;
        foreach (var step in path)
        {
            value = value?.Child(step);
        }

        return value;
    }

    /// <summary>The value as a string.</summary>
    /// <exception cref="TomlException">It is of another type, as for all that follow.</exception>
    public string AsString() => this is TomlScalar { Value: string value } ? value : throw IsNot("a string");

    /// <summary>The value as an integer.</summary>
    public long AsInteger() => this is TomlScalar { Value: long value } ? value : throw IsNot("an integer");

    /// <summary>The value as a float.</summary>
    public double AsFloat() => this is TomlScalar { Value: double value } ? value : throw IsNot("a float");

    /// <summary>The value as a boolean.</summary>
    public bool AsBoolean() => this is TomlScalar { Value: bool value } ? value : throw IsNot("a boolean");

    /// <summary>The value as a date or time.</summary>
    public TomlDateTime AsDateTime() => this is TomlScalar { Value: TomlDateTime value } ? value : throw IsNot("a date or time");

    /// <summary>The value as an array.</summary>
    public TomlArray AsArray() => this as TomlArray ?? throw IsNot("an array");

    /// <summary>The value as a table.</summary>
    public TomlTable AsTable() => this as TomlTable ?? throw IsNot("a table");

    /// <summary>The value on one line, as it could stand behind a key.</summary>
    public override string ToString() => TomlText.Of(this, TomlText.BasicQuote);

    /// <summary>The value one step from this one; null where there is none.</summary>
    internal virtual TomlValue? Child(TomlStep step) => null;

    internal string Describe() => Kind switch
    {
        TomlKind.Integer => "an integer",
        TomlKind.OffsetDateTime => "an offset date-time",
        TomlKind.LocalDateTime => "a local date-time",
        TomlKind.LocalDate => "a local date",
        TomlKind.LocalTime => "a local time",
        TomlKind.Array => "an array",
        TomlKind.Boolean => "a boolean",
        TomlKind.Float => "a float",
        TomlKind.String => "a string",
        _ => "a table",
    };

    private TomlException IsNot(string wanted) => new($"expected {wanted}, found {Describe()}", Position);
}

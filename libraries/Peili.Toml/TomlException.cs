namespace Peili.Toml;

/// <summary>A document that is not TOML 1.0, or a value that is of another type than was asked for.</summary>
public sealed class TomlException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="position">Where; its default where there is no document.</param>
    public TomlException(string reason, TomlPosition position)
        : base(position.Line == 0 ? reason : $"{reason} ({position})")
        => (Reason, Position) = (reason, position);

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    /// <summary>Where the fault is.</summary>
    public TomlPosition Position { get; }

    /// <summary>The line, from 1.</summary>
    public int Line => Position.Line;

    /// <summary>The column, from 1, in Unicode code points.</summary>
    public int Column => Position.Column;
}

using Peili.Toml.Parsing;

namespace Peili.Toml;

/// <summary>A value that is neither an array nor a table.</summary>
public sealed class TomlScalar : TomlValue
{
    internal TomlScalar(object value, SourceText? source = null, int start = 0)
        : base(source, start)
        => Value = value;

    /// <summary>
    /// A <see cref="string"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/> or <see cref="TomlDateTime"/>.
    /// </summary>
    public object Value { get; }

    /// <inheritdoc/>
    public override TomlKind Kind => Value switch
    {
        string => TomlKind.String,
        long => TomlKind.Integer,
        double => TomlKind.Float,
        bool => TomlKind.Boolean,
        _ => ((TomlDateTime)Value).Kind,
    };

    internal override bool IsInOnePlace => true;
}

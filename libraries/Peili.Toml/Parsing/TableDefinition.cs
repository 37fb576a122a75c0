namespace Peili.Toml.Parsing;

/// <summary>How a table came to be, which decides what may still be added to it.</summary>
internal enum TableDefinition
{
    /// <summary>As the parent of a header's table; it may get its own header.</summary>
    Implicit,

    /// <summary>By its header.</summary>
    Header,

    /// <summary>By a dotted key; further dotted keys and headers below it may add to it.</summary>
    Dotted,

    /// <summary>In braces, where it ends.</summary>
    Inline,
}

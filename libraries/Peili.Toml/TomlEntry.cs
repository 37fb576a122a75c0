namespace Peili.Toml;

/// <summary>What a table has behind a key.</summary>
/// <param name="Value">The value.</param>
/// <param name="KeyStart">The offset of the key where it is first named.</param>
/// <param name="ExpressionStart">
/// The offset where <c>dotted.key = value</c> begins; -1 where the value comes from headers or from several dotted keys.
/// </param>
internal readonly record struct TomlEntry(TomlValue Value, int KeyStart, int ExpressionStart);

namespace Peili.Toml;

/// <summary>A place in a document.</summary>
/// <param name="Line">The line, from 1; 0 where the value was not read from a document.</param>
/// <param name="Column">
/// The column, from 1, in Unicode code points: a tab is one, an emoji is one. A byte order mark at the start is not counted.
/// </param>
public readonly record struct TomlPosition(int Line, int Column)
{
    /// <summary>"line 3, column 5".</summary>
    public override string ToString() => $"line {Line}, column {Column}";
}

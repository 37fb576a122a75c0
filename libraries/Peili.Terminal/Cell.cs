namespace Peili.Terminal;

/// <summary>A piece of text, of a table or a line, and how it stands out.</summary>
/// <param name="Text">The text. What comes from elsewhere may hold anything: control characters never reach the terminal.</param>
/// <param name="Tint">How it stands out.</param>
public readonly record struct Cell(string Text, Tint Tint = Tint.None)
{
    /// <summary>Text that does not stand out.</summary>
    public static implicit operator Cell(string text) => FromString(text);

    /// <summary>Text that does not stand out.</summary>
    public static Cell FromString(string text) => new(text);
}

namespace Peili.Terminal;

/// <summary>A value and the word that people write for it; help shows the word.</summary>
/// <param name="Text">The word.</param>
/// <param name="Value">What it means.</param>
public sealed record Word<T>(string Text, T Value)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

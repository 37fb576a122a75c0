namespace Peili.Toml.Parsing;

/// <summary>A header and the lines under it; the lines before the first header are a section without one.</summary>
/// <param name="start">The offset of the header's bracket; -1 without a header.</param>
/// <param name="end">The offset behind the header.</param>
internal sealed class Section(int start, int end)
{
    public int Start => start;

    /// <summary>The offset behind the last value in it, or behind the header where it has none.</summary>
    public int End { get; private set; } = end;

    public bool HasHeader => start >= 0;

    public bool HasKeys { get; private set; }

    public void AddKeyThatEndsAt(int offset)
    {
        End = offset;
        HasKeys = true;
    }
}

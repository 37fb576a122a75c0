namespace Peili.NodeAgent.Registry;

/// <summary>Part of a content: <paramref name="Length"/> bytes from <paramref name="Offset"/> on.</summary>
internal readonly record struct ContentSlice(long Offset, long Length)
{
    /// <summary>The offset after the last byte.</summary>
    public long End => Offset + Length;
}

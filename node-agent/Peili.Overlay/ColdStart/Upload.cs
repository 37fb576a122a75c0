namespace Peili.Overlay.ColdStart;

/// <summary>A child that streams from this node.</summary>
public sealed class Upload : IDisposable
{
    private readonly Admission admission;
    private readonly Func<long> mark;
    private long sent;

    internal Upload(Admission admission, string child, DirectoryKey key, long offset, Func<long> mark)
    {
        this.admission = admission;
        this.mark = mark;
        sent = offset;
        Child = child;
        Key = key;
    }

    /// <summary>The child's node name.</summary>
    public string Child { get; }

    /// <summary>The blob.</summary>
    public DirectoryKey Key { get; }

    /// <summary>The offset in the blob up to which it was served.</summary>
    public long Sent
    {
        get => Volatile.Read(ref sent);
        set => Volatile.Write(ref sent, value);
    }

    /// <summary>How many bytes of the blob this node has.</summary>
    public long Mark => mark();

    internal int TimesNamed { get; set; }

    /// <inheritdoc/>
    public void Dispose() => admission.Remove(this);
}

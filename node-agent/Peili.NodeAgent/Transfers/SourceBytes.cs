namespace Peili.NodeAgent.Transfers;

/// <summary>Bytes of one registry by where they came from. Safe for use by many threads.</summary>
internal sealed class SourceBytes
{
    private readonly long[] _bytes = new long[Enum.GetValues<TransferSource>().Length];

    public long this[TransferSource source] => Interlocked.Read(ref _bytes[(int)source]);

    public void Add(TransferSource source, long bytes) => Interlocked.Add(ref _bytes[(int)source], bytes);
}

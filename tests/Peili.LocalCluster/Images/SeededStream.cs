using System.Runtime.InteropServices;

namespace Peili.LocalCluster.Images;

/// <summary>A readable stream of a given length whose bytes follow from a seed, made while they are read.</summary>
internal sealed class SeededStream(ulong seed, long length, bool compressible) : Stream
{
    private const int BlockSize = 64 * 1024;
    private readonly byte[] _block = new byte[BlockSize];
    private long _currentBlock = -1;

    public override bool CanRead => true;

    // TarWriter asks a seekable stream for its length, and copies any other one to memory first.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        if (Position >= length)
        {
            return 0;
        }

        var (block, offset) = Math.DivRem(Position, BlockSize);
        Fill(block);
        var available = _block.AsSpan((int)offset);
        var count = (int)Math.Min(Math.Min(buffer.Length, available.Length), length - Position);
        available[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => length + offset,
        };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), its counter being the position. A compressible block repeats its first bytes.
    private void Fill(long block)
    {
        if (block == _currentBlock)
        {
            return;
        }

        const ulong step = 0x9E3779B97F4A7C15;
        var words = MemoryMarshal.Cast<byte, ulong>(_block.AsSpan());
        var state = seed + ((ulong)block * BlockSize * step);
        var random = compressible ? 64 : words.Length;
        for (var i = 0; i < random; i++)
        {
            state += step;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            words[i] = mixed ^ (mixed >> 31);
        }

        for (var filled = random; filled < words.Length; filled += random)
        {
            words[..random].CopyTo(words[filled..]);
        }

        _currentBlock = block;
    }
}

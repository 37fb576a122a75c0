using System.Buffers;
using System.IO.Pipelines;

namespace Peili.Kubernetes.Watching;

/// <summary>The lines of a stream, each within a bound. What follows the last line feed is a line cut short, and left out.</summary>
internal sealed class LineReader(Stream stream, int maxLength) : IAsyncDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024));
    private SequencePosition? _consumed;

    /// <summary>The next line, valid until the next call; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">A line is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_consumed is { } consumed)
        {
            _reader.AdvanceTo(consumed);
            _consumed = null;
        }

        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end);
                _consumed = read.Buffer.GetPosition(1, end);
                return line.IsSingleSegment ? line.First : line.ToArray();
            }

            if (read.Buffer.Length > maxLength)
            {
                throw new InvalidDataException($"an event is longer than {maxLength} bytes");
            }

            if (read.IsCompleted)
            {
                return null;
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();
}

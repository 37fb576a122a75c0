using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Peili.Bench.Clients;

/// <summary>
/// An HTTP/1.1 connection that costs as little as a client can: blocking reads into one buffer, and nothing done with a body. It knows
/// answers with a Content-Length only, which is all that is measured here.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private const int ReceiveTimeoutMilliseconds = 120_000;
    private const int BufferSize = 1024 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = ReceiveTimeoutMilliseconds };
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly Load _load;

    public RawConnection(Load load)
    {
        _load = load;
        _socket.Connect(load.Server);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends one request and reads its answer to the last byte. Returns the bytes of the body.</summary>
    /// <exception cref="InvalidDataException">The answer is not the one expected, or ended early.</exception>
    public long Exchange()
    {
        var path = _load.Path.Replace(Load.AnyDigest, $"sha256:{Random.Shared.GetHexString(64, lowercase: true)}", StringComparison.Ordinal);
        _socket.Send(Encoding.ASCII.GetBytes($"{_load.Method} {path} HTTP/1.1\r\nHost: {_load.Server}\r\n\r\n"));
        var (head, received) = ReceiveHead();
        if (!head.StartsWith(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {_load.Status} "), StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{_load.Method} {path}: {head[..head.IndexOf('\r', StringComparison.Ordinal)]}");
        }

        var length = _load.Method == "HEAD" ? 0 : LengthIn(head);
        while (received < length)
        {
            received += Receive(_buffer);
        }

        return received == length ? length : throw new InvalidDataException($"{_load.Method} {path}: {received} bytes of {length}");
    }

    /// <summary>The status line and the headers, and how many bytes of the body came with them.</summary>
    private (string Head, long BodyBytes) ReceiveHead()
    {
        for (var filled = 0; filled < _buffer.Length;)
        {
            filled += Receive(_buffer.AsSpan(filled));
            if (_buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is var end and >= 0)
            {
                return (Encoding.ASCII.GetString(_buffer, 0, end + 2), filled - end - 4);
            }
        }

        throw new InvalidDataException("the headers do not end");
    }

    private int Receive(Span<byte> buffer) =>
        _socket.Receive(buffer) is var received and > 0 ? received : throw new InvalidDataException("the server closed the connection");

    private static long LengthIn(string head)
    {
        const string name = "\r\ncontent-length:";
        var start = head.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        var end = start < name.Length ? -1 : head.IndexOf('\r', start);
        return end >= 0
            ? long.Parse(head.AsSpan(start, end - start).Trim(), CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"no Content-Length: {head}");
    }
}

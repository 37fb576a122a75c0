using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Peili.Grpc.Tests.Support;

/// <summary>
/// A unix socket on which a test writes HTTP/2 frames by hand (RFC 9113, section 4), for what no decent server would send. Every
/// connection gets the same treatment.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte GoAway = 7;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private const byte Acknowledge = 1;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("peili-grpc-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public RawServer(Func<NetworkStream, Task> treat)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, "s.sock")));
        _listener.Listen();
        _accepting = AcceptAsync(treat);
    }

    public string Address => $"unix://{_directory.FullName}/s.sock";

    /// <summary>":status: 200" and "content-type: application/grpc", as HPACK has them (RFC 7541, appendices A and C.2).</summary>
    public static byte[] OkHeaders { get; } = [0x88, 0x0f, 0x10, 16, .. "application/grpc"u8];

    public static byte[] Header(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    /// <summary>Reads as far as the end of the first request, on stream 1.</summary>
    public static async Task ReadRequestAsync(NetworkStream client)
    {
        await client.ReadExactlyAsync(new byte[24]);
        await SendAsync(client, Settings, 0, 0);
        var header = new byte[9];
        do
        {
            await client.ReadExactlyAsync(header);
            await client.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]]);
            if (header[3] == Settings && header[4] != Acknowledge)
            {
                await SendAsync(client, Settings, Acknowledge, 0);
            }
        }
        while (header[3] is not (Headers or Data) || (header[4] & EndStream) == 0);
    }

    public static async Task SendAsync(NetworkStream client, byte type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await client.WriteAsync(frame);
    }

    /// <summary>Leaves it to the client to close the connection, so that nothing sent to it is lost.</summary>
    public static Task LingerAsync(NetworkStream client) => client.CopyToAsync(Stream.Null);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task AcceptAsync(Func<NetworkStream, Task> treat)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = new NetworkStream(await _listener.AcceptAsync(_stop.Token), ownsSocket: true);
                await treat(client).WaitAsync(_stop.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException)
            {
                // The client hung up, or the test is over.
            }
        }
    }
}

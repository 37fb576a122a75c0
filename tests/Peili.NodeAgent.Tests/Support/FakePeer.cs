using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Peili.NodeAgent.Peers;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>Fault injection: a peer (or an upstream) on a bare socket, which answers exactly what a test says, well-formed or not.</summary>
internal sealed class FakePeer : IAsyncDisposable
{
    private const int MaxHead = 64 * 1024;
    private const byte TlsHandshake = 0x16;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly Func<FakeExchange, Task> _behaviour;
    private readonly Task _accepting;

    public FakePeer(Func<FakeExchange, Task> behaviour)
    {
        _behaviour = behaviour;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public Peer Peer => FixedLocator.PeerAt(Address);

    /// <summary>Everything asked so far, probes left out.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests.Where(request => !request.IsProbe)];

    public IReadOnlyList<FakeRequest> Gets => [.. Requests.Where(request => request.Method == "GET")];

    public int Probes => _requests.Count(request => request.IsProbe);

    /// <summary>A peer that has <paramref name="blob"/>, answers probes, and sends bodies as <paramref name="onGet"/> says; honestly where that is null.</summary>
    public static FakePeer Holding(TestBlob blob, Func<FakeExchange, Task>? onGet = null) =>
        HoldingOnce(() => true, blob, onGet);

    /// <summary>A peer that has <paramref name="blob"/> only once <paramref name="condition"/> holds, and is honest.</summary>
    public static FakePeer HoldingOnce(Func<bool> condition, TestBlob blob, Func<FakeExchange, Task>? onGet = null) => new(exchange =>
        exchange.Request.IsProbe ? exchange.SendEmptyAsync(200)
            : !condition() ? exchange.SendEmptyAsync(404)
            : exchange.Request.Method == "HEAD" ? exchange.SendHeadAsync(200, ("Content-Length", $"{blob.Length}"), ("Docker-Content-Digest", $"{blob.Digest}"))
            : onGet?.Invoke(exchange) ?? exchange.SendBlobAsync(blob));

    /// <summary>A peer that takes connections and never says a word.</summary>
    public static FakePeer Silent() => new(exchange => exchange.HangAsync());

    /// <summary>An address where nobody listens.</summary>
    public static async Task<IPEndPoint> RefusingAsync()
    {
        await using var gone = Silent();
        return gone.Address;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                while (await ReadRequestAsync(socket) is { } request)
                {
                    _requests.Enqueue(request);
                    var exchange = new FakeExchange(request, socket, _stop.Token);
                    await _behaviour(exchange);
                    if (exchange.IsClosed)
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The agent went away, or the test is over.
            }
        }
    }

    /// <summary>Null when the connection ended, or somebody tries TLS.</summary>
    private async Task<FakeRequest?> ReadRequestAsync(Socket socket)
    {
        var buffer = new byte[MaxHead];
        var length = 0;
        int end;
        while ((end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
            length += read;
            if (read == 0 || length == MaxHead || buffer[0] == TlsHandshake)
            {
                return null;
            }
        }

        return FakeRequest.Parse(Encoding.ASCII.GetString(buffer, 0, end));
    }
}

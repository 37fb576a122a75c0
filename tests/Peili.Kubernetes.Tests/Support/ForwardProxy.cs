using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peili.Kubernetes.Tests.Support;

/// <summary>A proxy that speaks HTTP's CONNECT and SOCKS 5, and lets only this user through where one is given.</summary>
internal sealed class ForwardProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string? _user;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private int _tunnels;

    /// <param name="user">As in <c>name:password</c>; null for everybody.</param>
    public ForwardProxy(string? user = null)
    {
        _user = user;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections it has passed on.</summary>
    public int Tunnels => _tunnels;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        try
        {
            await using var stream = near.GetStream();
            var first = new byte[1];
            await stream.ReadExactlyAsync(first, _end.Token);
            using var far = new TcpClient();
            if (await (first[0] == 5 ? AcceptSocksAsync(stream, far) : AcceptConnectAsync(stream, (char)first[0], far)))
            {
                Interlocked.Increment(ref _tunnels);
                await using var beyond = far.GetStream();
                await Task.WhenAny(stream.CopyToAsync(beyond, _end.Token), beyond.CopyToAsync(stream, _end.Token));
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // One of the ends is gone, or the test is over.
        }
    }

    private async Task<bool> AcceptConnectAsync(NetworkStream stream, char first, TcpClient far)
    {
        var head = new StringBuilder().Append(first);
        for (var next = new byte[1]; !head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal); head.Append((char)next[0]))
        {
            await stream.ReadExactlyAsync(next, _end.Token);
        }

        var lines = head.ToString().Split("\r\n");
        if (_user is not null && !lines.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(_user))}"))
        {
            await stream.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _end.Token);
            return false;
        }

        await far.ConnectAsync(IPEndPoint.Parse(lines[0].Split(' ')[1]), _end.Token);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _end.Token);
        return true;
    }

    // RFC 1928, an IPv4 address without authentication.
    private async Task<bool> AcceptSocksAsync(NetworkStream stream, TcpClient far)
    {
        var count = new byte[1];
        await stream.ReadExactlyAsync(count, _end.Token);
        await stream.ReadExactlyAsync(new byte[count[0]], _end.Token);
        await stream.WriteAsync(new byte[] { 5, 0 }, _end.Token);
        var request = new byte[10];
        await stream.ReadExactlyAsync(request, _end.Token);
        await far.ConnectAsync(new IPAddress(request.AsSpan(4, 4)), (request[8] << 8) | request[9], _end.Token);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, _end.Token);
        return true;
    }
}

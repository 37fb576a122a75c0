using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>An HTTP client on a bare socket: it sees how a connection ends.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _bound = new(s_bound);

    private RawClient()
    {
    }

    public static async Task<RawClient> ConnectAsync(IPEndPoint address, int? receiveBuffer = null)
    {
        var client = new RawClient();
        if (receiveBuffer is { } size)
        {
            client._socket.ReceiveBufferSize = size;
        }

        await client._socket.ConnectAsync(address, client._bound.Token);
        return client;
    }

    /// <summary>One request, and its answer until it is complete or the connection ends.</summary>
    public static async Task<RawResponse> GetAsync(IPEndPoint address, string target, params IEnumerable<string> headers)
    {
        using var client = await ConnectAsync(address);
        await client.SendAsync("GET", target, headers);
        var response = await client.ReadHeadAsync();
        await client.ReadBodyAsync(response);
        return response;
    }

    public async Task SendAsync(string method, string target, params IEnumerable<string> headers)
    {
        var head = $"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(head), _bound.Token);
    }

    public async Task SendBodyAsync(ReadOnlyMemory<byte> body) => await _socket.SendAsync(body, _bound.Token);

    /// <summary>Says that nothing more comes, and goes on listening.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Everything until the connection ends, in whichever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, _bound.Token) is var read and > 0)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // That is an end as well.
        }

        return text.ToString();
    }

    public async Task<RawResponse> ReadHeadAsync()
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            (await _socket.ReceiveAsync(one, _bound.Token)).ShouldBe(1, "the connection ended before the headers did");
            head.Add(one[0]);
        }

        return RawResponse.Parse(Encoding.ASCII.GetString([.. head]));
    }

    /// <summary>Reads up to <paramref name="atMost"/> bytes of the body, or all of it.</summary>
    public async Task ReadBodyAsync(RawResponse response, long atMost = long.MaxValue)
    {
        var buffer = new byte[64 * 1024];
        var end = Math.Min(response.ContentLength, atMost);
        while (response.Body.Length < end)
        {
            var read = 0;
            try
            {
                read = await _socket.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - response.Body.Length)), _bound.Token);
            }
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                response.WasReset = true;
            }

            if (read == 0)
            {
                response.EndedShort = true;
                return;
            }

            response.Body.Write(buffer.AsSpan(0, read));
        }
    }

    /// <summary>Goes away with RST.</summary>
    public void Reset() => _socket.LingerState = new LingerOption(enable: true, seconds: 0);

    public void Dispose()
    {
        _socket.Dispose();
        _bound.Dispose();
    }
}

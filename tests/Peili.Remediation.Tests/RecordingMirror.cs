using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peili.Remediation.Tests;

/// <summary>A registry that has nothing and remembers what it was asked for.</summary>
internal sealed class RecordingMirror : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;

    public RecordingMirror()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>The first line of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _serving;
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        try
        {
            Requests.Enqueue(await reader.ReadLineAsync(_ending.Token) ?? "");
            while (await reader.ReadLineAsync(_ending.Token) is { Length: > 0 })
            {
                // Headers.
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _ending.Token);
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }
}

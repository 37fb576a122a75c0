using System.Net;
using System.Net.Sockets;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>Fault injection: an address that neither accepts nor refuses connections, as a host that is gone. Its queue is full, so the kernel drops what comes.</summary>
internal sealed class FullListener : IDisposable
{
    private static readonly TimeSpan s_dropped = TimeSpan.FromMilliseconds(300);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];

    private FullListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public static async Task<FullListener> StartAsync()
    {
        var full = new FullListener();
        while (true)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            full._queued.Add(client);
            using var bound = new CancellationTokenSource(s_dropped);
            try
            {
                await client.ConnectAsync(full.Address, bound.Token);
            }
            catch (OperationCanceledException)
            {
                return full;
            }
        }
    }

    public void Dispose()
    {
        _queued.ForEach(client => client.Dispose());
        _listener.Dispose();
    }
}

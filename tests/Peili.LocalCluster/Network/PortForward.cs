using System.Net;
using System.Net.Sockets;

namespace Peili.LocalCluster.Network;

/// <summary>A port of this process' own loopback; what connects there is connected to a listener as a machine of the cluster sees it.</summary>
internal sealed class PortForward : IAsyncDisposable
{
    private readonly Machine _machine;
    private readonly IPEndPoint _target;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;

    internal PortForward(Machine machine, IPEndPoint target)
    {
        _machine = machine;
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    internal IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var near = await _listener.AcceptAsync(_ending.Token);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ForwardAsync(near));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(Socket near)
    {
        using (near)
        {
            try
            {
                using var far = await _machine.ConnectAsync(_target, _ending.Token);
                near.NoDelay = true;
                await Task.WhenAll(CopyAsync(near, far), CopyAsync(far, near));
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
            {
                // Whoever is still connected sees the connection end, as without a forwarder between.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        await using var source = new NetworkStream(from);
        await using var destination = new NetworkStream(to);
        try
        {
            await source.CopyToAsync(destination, _ending.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // The other direction must not wait for an end that never comes.
            from.Close();
            to.Close();
            throw;
        }
    }
}

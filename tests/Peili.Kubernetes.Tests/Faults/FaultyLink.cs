using System.Net;
using System.Net.Sockets;

namespace Peili.Kubernetes.Tests.Faults;

/// <summary>The network on the way to a port of this machine: it can go silent, of which nobody is told, and refuse.</summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private CancellationTokenSource _silence = new();
    private CancellationTokenSource _cut = new();
    private volatile bool _refuses;

    public FaultyLink(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether who comes now is refused.</summary>
    public bool Refuses
    {
        get => _refuses;
        set
        {
            _refuses = value;
            if (value)
            {
                Interlocked.Exchange(ref _cut, new CancellationTokenSource()).Cancel();
            }
        }
    }

    /// <summary>From now on nothing comes through on the connections that stand; they are not closed.</summary>
    public void Silence() => Interlocked.Exchange(ref _silence, new CancellationTokenSource()).Cancel();

    public async ValueTask DisposeAsync()
    {
        Refuses = true;
        await _end.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var near = await _listener.AcceptSocketAsync(_end.Token);
                if (_refuses)
                {
                    near.Close(0);
                }
                else
                {
                    _connections.Add(RelayAsync(near, _silence.Token, _cut.Token));
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }

    private async Task RelayAsync(Socket near, CancellationToken silence, CancellationToken cut)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence, cut);
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, both.Token);
            await await Task.WhenAny(PumpAsync(near, far, both.Token), PumpAsync(far, near, both.Token));
        }
        catch (SocketException)
        {
            // One end is gone, and so will be the other.
        }
        catch (OperationCanceledException) when (!cut.IsCancellationRequested)
        {
            await Task.Delay(Timeout.Infinite, cut).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            // It is cut.
        }
        finally
        {
            near.Close(0);
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        for (int length; (length = await from.ReceiveAsync(buffer, cancellationToken)) > 0;)
        {
            await to.SendAsync(buffer.AsMemory(0, length), cancellationToken);
        }
    }
}

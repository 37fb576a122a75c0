using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Peili.LocalCluster.Agents;

/// <summary>
/// Does to an agent what systemd does with WatchdogSec, WatchdogSignal=SIGKILL and Restart=always (sd_notify(3), systemd.service(5)):
/// gives it a socket for its heartbeats, and kills and restarts it when none came in time.
/// </summary>
public sealed class SystemdWatchdog : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<DateTimeOffset> _kills = new();
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly AgentProcess _agent;
    private readonly TimeSpan _timeout;
    private readonly Socket _socket;
    private Task _loop = Task.CompletedTask;

    private SystemdWatchdog(AgentProcess agent, TimeSpan timeout, string path)
    {
        _agent = agent;
        _timeout = timeout;
        File.Delete(path);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    /// <summary>When it killed the agent.</summary>
    public IReadOnlyList<DateTimeOffset> Kills => [.. _kills];

    /// <summary>Every assignment the agent sent, such as READY=1, in order.</summary>
    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>Starts the node's agent under this watchdog.</summary>
    /// <param name="node">The node, whose agent does not run yet.</param>
    /// <param name="timeout">WatchdogSec: the longest silence.</param>
    /// <param name="options">How to start the agent.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<SystemdWatchdog> StartAsync(
        ClusterNode node, TimeSpan timeout, AgentOptions? options = null, CancellationToken cancellationToken = default)
    {
        var path = Path.Combine(node.Directory, "notify.sock");
        var watchdog = new SystemdWatchdog(node.Agent, timeout, path);
        options ??= new AgentOptions();
        var environment = new Dictionary<string, string>(options.Environment)
        {
            ["NOTIFY_SOCKET"] = path,
            ["WATCHDOG_USEC"] = ((long)timeout.TotalMicroseconds).ToString(CultureInfo.InvariantCulture),
        };
        await node.Agent.StartAsync(options with { Environment = environment }, cancellationToken);
        watchdog._loop = watchdog.WatchAsync(watchdog._stopping.Token);
        return watchdog;
    }

    /// <summary>Stops watching, and throws what went wrong meanwhile, such as a restart that failed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stopping.Dispose();
        if (_loop.IsFaulted)
        {
            await _loop;
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await HeartbeatComesAsync(cancellationToken))
            {
                await _agent.KillAsync();
                _kills.Enqueue(DateTimeOffset.UtcNow);
                await _agent.StartAsync(cancellationToken: cancellationToken);
            }
        }
    }

    private async Task<bool> HeartbeatComesAsync(CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(_timeout);
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, silence.Token);
                var assignments = Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                foreach (var assignment in assignments)
                {
                    _messages.Enqueue(assignment);
                }

                if (assignments.Contains("WATCHDOG=1", StringComparer.Ordinal))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}

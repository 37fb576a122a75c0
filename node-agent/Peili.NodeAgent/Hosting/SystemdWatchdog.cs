using System.Net;
using System.Net.Sockets;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Hosting;

/// <summary>
/// Sends systemd its heartbeats, each after the agent's own /livez answered: a heartbeat from a timer alone would go on while the listeners hang.
/// </summary>
internal sealed partial class SystemdWatchdog(SystemdNotifier systemd, AgentOptions options, TimeProvider time, ILogger<SystemdWatchdog> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (systemd.Watchdog is not { } limit)
        {
            return;
        }

        var period = limit / 3;
        using var http = new HttpClient { Timeout = period };
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (await IsAliveAsync(http, cancellationToken))
            {
                systemd.Notify("WATCHDOG=1");
            }
        }
    }

    private async Task<bool> IsAliveAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var address = options.OperationsAddress.Address is { } any && (any.Equals(IPAddress.Any) || any.Equals(IPAddress.IPv6Any))
            ? new IPEndPoint(IPAddress.Loopback, options.OperationsAddress.Port)
            : options.OperationsAddress;
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{address}/livez"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogSilent(exception.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Error, Message = "The agent does not answer its own /livez: {Reason}. systemd will restart it")]
    private partial void LogSilent(string reason);
}

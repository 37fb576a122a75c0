using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Peili.NodeAgent.Hosting;

/// <summary>Messages to systemd by its notification socket (sd_notify(3)).</summary>
/// <param name="socketPath">Value of NOTIFY_SOCKET; a leading @ means Linux' abstract namespace.</param>
/// <param name="watchdog">Within what time systemd wants a heartbeat (WATCHDOG_USEC); null when it wants none.</param>
internal sealed class SystemdNotifier(string socketPath, TimeSpan? watchdog)
{
    private readonly UnixDomainSocketEndPoint _endpoint = new(socketPath is ['@', .. var name] ? "\0" + name : socketPath);

    public TimeSpan? Watchdog => watchdog;

    /// <summary>Null when systemd did not start this process.</summary>
    public static SystemdNotifier? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } socket)
        {
            return null;
        }

        var watchdog = long.TryParse(
            Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : (TimeSpan?)null;
        return new SystemdNotifier(socket, watchdog);
    }

    /// <summary>Sends one state, such as <c>READY=1</c> or <c>WATCHDOG=1</c>.</summary>
    /// <exception cref="SocketException">systemd's socket is gone.</exception>
    public void Notify(string state)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(state), _endpoint);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peili.LocalCluster.TestProgram;

/// <summary>
/// As much of an agent as those who start and supervise agents see: the line <c>ready</c>, an answer on the address for probes, and
/// heartbeats for systemd. With <c>--fail</c> it complains and ends instead; with <c>--deaf</c> it says ready and gives no answers.
/// </summary>
internal static class StandInAgent
{
    internal static async Task<int> RunAsync(string[] arguments)
    {
        await Console.Error.WriteLineAsync($"started with {string.Join(' ', arguments)}");
        if (arguments.Contains("--fail", StringComparer.Ordinal))
        {
            return 64;
        }

        using var listener = new TcpListener(IPEndPoint.Parse(arguments[Array.IndexOf(arguments, "--ops-address") + 1]));
        listener.Start();
        await Console.Out.WriteLineAsync("ready");
        if (arguments.Contains("--deaf", StringComparer.Ordinal))
        {
            await Task.Delay(Timeout.Infinite);
        }

        await Task.WhenAll(AnswerAsync(listener), BeatAsync());
        return 0;
    }

    private static async Task AnswerAsync(TcpListener listener)
    {
        while (true)
        {
            using var connection = await listener.AcceptTcpClientAsync();
            await using var stream = connection.GetStream();
            var request = new byte[4096];
            if (await stream.ReadAsync(request) > 0)
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
        }
    }

    private static async Task BeatAsync()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { } path)
        {
            return;
        }

        var timeout = long.Parse(Environment.GetEnvironmentVariable("WATCHDOG_USEC")!, CultureInfo.InvariantCulture);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await socket.SendAsync("READY=1\nWATCHDOG=1"u8.ToArray());
        while (true)
        {
            await Task.Delay(TimeSpan.FromMicroseconds(timeout / 3.0));
            await socket.SendAsync("WATCHDOG=1"u8.ToArray());
        }
    }
}

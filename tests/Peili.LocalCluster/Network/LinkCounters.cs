using System.Globalization;

namespace Peili.LocalCluster.Network;

/// <summary>Bytes that passed a machine's link since it was plugged in, Ethernet headers included.</summary>
/// <param name="Received">Bytes that came in.</param>
/// <param name="Sent">Bytes that went out.</param>
public sealed record LinkCounters(long Received, long Sent)
{
    /// <summary>Reads them from /proc/PID/net/dev, which shows the network namespace of that process.</summary>
    internal static LinkCounters Read(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/net/dev").First(line => line.TrimStart().StartsWith("eth0:", StringComparison.Ordinal));
        var fields = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new LinkCounters(
            long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[8], CultureInfo.InvariantCulture));
    }
}

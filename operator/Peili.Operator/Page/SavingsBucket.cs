using System.Globalization;

namespace Peili.Operator.Page;

/// <summary>Bytes that containerd got from the agents in five minutes, over all nodes.</summary>
/// <param name="Start">When they begin.</param>
/// <param name="FromPeers">From other nodes: what upstream did not have to send.</param>
/// <param name="FromLocal">From the node's own store.</param>
internal sealed record SavingsBucket(DateTimeOffset Start, long FromPeers, long FromLocal)
{
    /// <summary>Reads what <see cref="ToLine"/> made; null for anything else.</summary>
    public static SavingsBucket? Parse(string line) =>
        line.Split(' ') is [var start, var peers, var local]
        && DateTimeOffset.TryParseExact(start, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var begin)
        && long.TryParse(peers, NumberStyles.None, CultureInfo.InvariantCulture, out var fromPeers)
        && long.TryParse(local, NumberStyles.None, CultureInfo.InvariantCulture, out var fromLocal)
            ? new SavingsBucket(begin, fromPeers, fromLocal)
            : null;

    /// <summary>As one line of text.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Start:O} {FromPeers} {FromLocal}");
}

using System.Net;
using Peili.NodeAgent.Operations;

namespace Peili.NodeAgent.Commands;

/// <summary>What to do about what an agent's status shows.</summary>
internal static class StatusAdvice
{
    /// <summary>Members named in one sentence.</summary>
    private const int MaxNamed = 5;

    /// <summary>One sentence for each thing that is wrong; none when all is well.</summary>
    public static IEnumerable<string> For(AgentStatus status)
    {
        if (!status.Containerd.Connected)
        {
            yield return "see that containerd runs (systemctl status containerd) and that the agent's --containerd-socket is its socket; peili-agent check looks at it from here";
        }

        var overlay = status.Overlay;
        if (overlay.Members.Count == 0)
        {
            yield return "name another agent with --seed HOST:PORT or --seed-file, unless this is the only node, and see that UDP and TCP of its peer port are open in both directions";
        }

        if (Names(overlay.Members, member => member is { State: "dead" } or { State: "suspect", Condition: null }) is { } silent)
        {
            yield return $"see whether the agent of {silent} runs: peili-agent status on that node, or kubectl -n peili-system get pods -o wide";
        }

        if (Names(overlay.Members, member => member is { State: not ("dead" or "left"), Condition: "UdpBlocked" }) is { } blocked)
        {
            yield return $"open UDP {Port(overlay.Address)} in both directions between this node and {blocked}: only TCP comes through"
                + (IsFromEverybody(overlay.Members) ? "; as that is so of every node, begin with the firewall of this one" : string.Empty);
        }

        if (Names(overlay.Members, member => member is { State: not ("dead" or "left"), Condition: "Avoided" }) is { } avoided)
        {
            yield return $"look at the agent's log on {avoided}: requests to it failed, and others are asked first for a while";
        }

        if (overlay.Dropped.Any(dropped => dropped is { Key: "unknownKey" or "forged", Value: > 0 }))
        {
            yield return "give all agents the same --cluster-key-file; datagrams sealed under other keys were dropped";
        }

        if (overlay.Refused.Count > 0)
        {
            yield return "give all agents certificates of one CA (--tls-ca, --tls-cert, --tls-key); the log names the peers that were refused";
        }
    }

    private static bool IsFromEverybody(IReadOnlyList<MemberReport> members) =>
        members.Where(member => member.State is not ("dead" or "left")).ToArray() is { Length: > 1 } live && live.All(member => member.Condition == "UdpBlocked");

    private static string Port(string? address) => IPEndPoint.TryParse(address ?? string.Empty, out var endPoint) ? $"{endPoint.Port}" : $"{CommonOptions.DefaultPeerPort}";

    private static string? Names(IReadOnlyList<MemberReport> members, Func<MemberReport, bool> isMeant)
    {
        string[] names = [.. members.Where(isMeant).Select(member => member.Name)];
        return names.Length == 0 ? null : string.Join(", ", names.Take(MaxNamed)) + (names.Length > MaxNamed ? $" and {names.Length - MaxNamed} more" : string.Empty);
    }
}

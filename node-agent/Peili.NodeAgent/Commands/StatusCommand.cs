using System.CommandLine;
using Peili.NodeAgent.Operations;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent status</c>: how the agent of this node is, and whom it sees.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Ask the agent that runs on this node: containerd, the other nodes, transfers. Exit status 1 when it is not ready.");
        command.Options.Add(CommonOptions.OperationsAddress);
        command.Options.Add(CommonOptions.Output);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var answer = await OperationsClient.GetAsync(parsed.GetRequiredValue(CommonOptions.OperationsAddress), "/status", cancellationToken);
        var status = OperationsClient.Read(answer, AgentStatusJson.Default.AgentStatus);
        Output.Write(parsed.GetValue(CommonOptions.Output), answer, () => Write(status));

        return status.NotReady is null ? 0 : ExitCodes.Failure;
    }

    private static void Write(AgentStatus status)
    {
        var (containerd, overlay, transfers) = (status.Containerd, status.Overlay, status.Transfers);
        Table.Write(
        [
            ["node", status.NodeName],
            ["agent", $"{status.Version}, {(status.NotReady is { } reason ? $"NOT READY: {reason}" : "ready")}"],
            ["containerd", containerd.Connected ? $"{containerd.Version}, {containerd.Images} images, {containerd.Digests} blobs in {containerd.ContentRoot}" : $"NOT CONNECTED: {containerd.LastError}"],
            ["overlay", $"{overlay.Address}{(overlay.Zone.Length > 0 ? $", zone {overlay.Zone}" : string.Empty)}, {(overlay.Sealed ? "sealed" : "INSECURE")}, {overlay.Announced} blobs and tags announced"],
            .. overlay.NameTakenBy is { } twin ? (string[][])[["", $"NAME TAKEN: the agent at {twin} has this node's name too; give one of them another --node-name"]] : [],
            ["members", Members(overlay.Members)],
            ["bytes", $"{Table.Bytes(transfers.LocalBytes)} to containerd from this node, {Table.Bytes(transfers.PeerBytes)} from others; {Table.Bytes(transfers.UploadedBytes)} to others"],
            ["transfers", $"{status.Active.Count} going on, {transfers.Resumptions} resumed elsewhere, {transfers.WrongDigests} with wrong bytes, {transfers.Misses} misses"],
            .. overlay.Dropped.Count > 0 ? (string[][])[["dropped", Counts(overlay.Dropped) + " datagrams"]] : [],
            .. overlay.Refused.Count > 0 ? (string[][])[["refused", Counts(overlay.Refused) + " peers"]] : [],
        ]);
        if (overlay.Members.Count > 0)
        {
            Console.WriteLine();
            Table.Write(
            [
                ["NAME", "ADDRESS", "ZONE", "VERSION", "STATE", "STATUS", "CONDITION"],
                .. overlay.Members.Select(member => (string[])[member.Name, member.Address, member.Zone, member.Version, member.State, member.Status, member.Condition ?? "-"]),
            ]);
        }
    }

    private static string Members(IReadOnlyList<MemberReport> members) => members.Count == 0
        ? "none: this node is alone (it goes on looking)"
        : string.Join(", ", members.GroupBy(member => member.State).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}"));

    private static string Counts(IReadOnlyDictionary<string, long> counts) =>
        string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}"));
}

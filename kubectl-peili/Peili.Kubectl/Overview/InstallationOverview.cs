using Peili.Crds;
using Peili.Kubectl.Api;
using Peili.Kubectl.Nodes;

namespace Peili.Kubectl.Overview;

/// <summary>An installation at a glance.</summary>
/// <param name="Server">The API server.</param>
/// <param name="Namespace">The installation's namespace.</param>
/// <param name="Operator">Who puts everything in place.</param>
/// <param name="Agents">The agents' pods; null where they may not be read.</param>
/// <param name="Mirrors">The RegistryMirrors.</param>
/// <param name="Nodes">The nodes by flavor and verdict.</param>
/// <param name="Saved">What did not come from upstream.</param>
/// <param name="Problems">What is wrong or worth knowing, the worst first.</param>
/// <param name="Unread">What could not be read, and why.</param>
internal sealed record InstallationOverview(
    Uri Server,
    string Namespace,
    OperatorOverview Operator,
    AgentsOverview? Agents,
    IReadOnlyList<MirrorOverview> Mirrors,
    IReadOnlyList<NodesOverview> Nodes,
    SavedOverview Saved,
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<string> Unread)
{
    /// <summary>Looks. What one may not read besides the two kinds of Peili is left out, and said.</summary>
    public static async Task<InstallationOverview> ReadAsync(Installation installation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var unread = new List<string>();
        var reading = (
            Mirrors: installation.ReadMirrorsAsync(cancellationToken),
            Nodes: installation.ReadNodesAsync(cancellationToken),
            Deployment: installation.ReadDeploymentAsync(cancellationToken),
            Lease: installation.ReadLeaseAsync(cancellationToken),
            OperatorPods: installation.ReadOperatorPodsAsync(cancellationToken),
            AgentPods: installation.ReadAgentPodsAsync(cancellationToken));
        await Task.WhenAll(reading.Mirrors, reading.Nodes, reading.Deployment, reading.Lease, reading.OperatorPods, reading.AgentPods).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var (mirrors, nodes) = (await reading.Mirrors, await reading.Nodes);
        var @operator = new OperatorOverview(
            await Allowed.OrNullAsync(reading.Deployment, "the operator's Deployment", unread),
            await Allowed.OrNullAsync(reading.Lease, "the operator's Lease", unread),
            await Allowed.OrNullAsync(reading.OperatorPods, "the operator's pods", unread));
        var agents = await Allowed.OrNullAsync(reading.AgentPods, "the agents' pods", unread) is { } pods ? new AgentsOverview(pods.Count, pods.Count(pod => pod.IsReady)) : null;
        return new InstallationOverview(
            installation.Server,
            installation.Namespace,
            @operator,
            agents,
            [.. mirrors.Select(MirrorOverview.Of)],
            [
                .. nodes.GroupBy(node => (Flavor: node.Status?.Flavor ?? "", Verdict: node.Status?.Verdict ?? Verdict.Unknown))
                    .Select(group => new NodesOverview(group.Key.Flavor, group.Key.Verdict, group.Count(), group.Count(NodeRow.IsReady)))
                    .OrderByDescending(group => group.Nodes).ThenBy(group => group.Flavor, StringComparer.Ordinal),
            ],
            SavedOverview.Of(nodes),
            ProblemFinder.Find(installation.Namespace, @operator, unread, mirrors, nodes, now),
            unread);
    }
}

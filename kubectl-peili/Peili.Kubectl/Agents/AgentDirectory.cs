using Peili.Crds;
using Peili.Kubectl.Api;
using Peili.Operator.Resources;
using Peili.Terminal;

namespace Peili.Kubectl.Agents;

/// <summary>Which agents there are, and how one of them is asked.</summary>
internal static class AgentDirectory
{
    /// <summary>How many agents are tried before it is given up.</summary>
    private const int Attempts = 3;

    /// <summary>The agents of all nodes, by pod.</summary>
    public static async Task<IReadOnlyList<Agent>> ReadAsync(Installation installation, CancellationToken cancellationToken)
    {
        var mirrors = installation.ReadMirrorsAsync(cancellationToken);
        var pods = await installation.ReadAgentPodsAsync(cancellationToken);
        var ports = (await mirrors).ToDictionary(mirror => mirror.Metadata.Name ?? "", mirror => mirror.Spec.Ports.Ops, StringComparer.Ordinal);
        return [.. pods.Select(pod => new Agent(pod, ports.GetValueOrDefault(pod.Metadata.Labels?.GetValueOrDefault(Node.MirrorLabel) ?? "", new PortsSpec().Ops)))];
    }

    /// <summary>Asks a ready agent, and another one where that fails.</summary>
    /// <exception cref="AgentException">None is ready, or none of those that were tried answered.</exception>
    public static async Task<T> AskAnyAsync<T>(
        Installation installation, IEnumerable<Agent> agents, Progress progress, Func<AgentConnection, Task<T>> ask, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var agent in agents.Where(agent => agent.Pod.IsReady).Take(Attempts))
        {
            progress.Say($"asking the agent of node {agent.Node}");
            try
            {
                await using var connection = await AgentConnection.OpenAsync(installation, agent, cancellationToken);
                return await ask(connection);
            }
            catch (AgentException exception)
            {
                failures.Add(exception.Message);
            }
        }

        throw new AgentException(failures.Count == 0
            ? $"no agent in namespace {installation.Namespace} is ready: kubectl peili status says why"
            : $"{string.Join("; ", failures.Distinct(StringComparer.Ordinal))}. Asking an agent takes kubectl port-forward to its pod: try kubectl -n {installation.Namespace} port-forward PODNAME {new PortsSpec().Ops}");
    }
}

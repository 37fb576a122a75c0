using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Kubectl.Agents;
using Peili.Kubectl.Api;
using Peili.Kubectl.Nodes;
using Peili.Kubectl.Overview;
using Peili.Kubernetes.Rest;
using Peili.Operator.Resources;
using Peili.Terminal;

namespace Peili.Kubectl.Bundle;

/// <summary>Fills a bundle. What cannot be had is noted, and the rest goes on.</summary>
internal sealed class BundleCollector(Installation installation, BundleArchive archive, Progress progress)
{
    private const int AtOnce = 4;
    private const int LogLines = 5000;
    private const int LogBytes = 1024 * 1024;
    private const string RemediationSelector = "app.kubernetes.io/name=peili-remediate";

    private readonly List<(string Path, string What, Func<CancellationToken, Task> Add)> _steps = [];
    private int _done;

    /// <summary>Collects everything.</summary>
    /// <param name="nodes">What is known of each node.</param>
    /// <param name="maxAgents">How many agents are asked at most; those of nodes that do not mirror come first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CollectAsync(IReadOnlyList<NodeMirrorStatus> nodes, int maxAgents, CancellationToken cancellationToken)
    {
        foreach (var source in ObjectSources.Of(installation.Namespace))
        {
            Plan($"resources/{source.Name}.json", $"reading {source.Name}", token => AddObjectsAsync(source, token));
        }

        Plan("status.json", "looking at the whole", AddOverviewAsync);
        await PlanPodsAsync(nodes, maxAgents, cancellationToken);
        await Parallel.ForEachAsync(_steps, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (step, token) =>
        {
            Say(step.What);
            await TryAsync(step.Path, () => step.Add(token));
            Interlocked.Increment(ref _done);
            Say(step.What);
        });
    }

    private void Plan(string path, string what, Func<CancellationToken, Task> add) => _steps.Add((path, what, add));

    private void Say(string what)
    {
        progress.Say(what);
        progress.Count(_done, _steps.Count);
    }

    private async Task PlanPodsAsync(IReadOnlyList<NodeMirrorStatus> nodes, int maxAgents, CancellationToken cancellationToken)
    {
        progress.Say("looking for pods");
        IReadOnlyList<Agent> agents = [];
        await TryAsync("logs", async () =>
        {
            var others = await installation.Client.ListAsync(Kinds.Pod, new ListOptions { Namespace = installation.Namespace, LabelSelector = RemediationSelector }, cancellationToken);
            agents = await AgentDirectory.ReadAsync(installation, cancellationToken);
            foreach (var pod in (await installation.ReadOperatorPodsAsync(cancellationToken)).Concat(others.Items))
            {
                PlanLogs(pod);
            }
        });
        var wrong = nodes.Where(node => !NodeRow.IsReady(node)).Select(node => node.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        Agent[] ordered = [.. agents.OrderBy(agent => wrong.Contains(agent.Node) ? 0 : 1).ThenBy(agent => agent.Node, StringComparer.Ordinal)];
        foreach (var agent in ordered.Take(maxAgents))
        {
            PlanLogs(agent.Pod);
            Plan($"agents/{agent.Node}", $"asking the agent of node {agent.Node}", token => AddAgentAsync(agent, token));
        }

        if (ordered.Length > maxAgents)
        {
            archive.Miss("agents", $"{ordered.Length - maxAgents} of {ordered.Length} agents were not asked, and their logs not read: more than --max-agents");
        }
    }

    private void PlanLogs(Pod pod)
    {
        foreach (var container in pod.Status?.ContainerStatuses ?? [])
        {
            var path = $"logs/{pod.Metadata.Name}/{container.Name}";
            Plan($"{path}.log", $"reading the log of {pod.Metadata.Name}", token => AddLogAsync($"{path}.log", pod, container.Name, isPrevious: false, token));
            if (container.LastState?.Terminated is not null)
            {
                Plan($"{path}.previous.log", $"reading the log of {pod.Metadata.Name} before its restart", token => AddLogAsync($"{path}.previous.log", pod, container.Name, isPrevious: true, token));
            }
        }
    }

    private async Task AddObjectsAsync(ObjectSource source, CancellationToken cancellationToken)
    {
        var items = new JsonArray();
        foreach (var item in await source.ReadAsync(installation.Client, cancellationToken))
        {
            var json = JsonSerializer.SerializeToNode(item with { ApiVersion = source.Kind.ApiVersion, Kind = source.Kind.Kind }, PluginJson.Default.KubernetesObject)!.AsObject();

            // A node's images are many, and here nobody asks for them.
            (json["status"] as JsonObject)?.Remove("images");
            items.Add((JsonNode)json);
        }

        await archive.AddJsonAsync($"resources/{source.Name}.json", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = items }, cancellationToken);
    }

    private async Task AddOverviewAsync(CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        var overview = await InstallationOverview.ReadAsync(installation, now, cancellationToken);
        await archive.AddJsonAsync("status.json", JsonSerializer.SerializeToNode(overview, OverviewJson.Readable().InstallationOverview), cancellationToken);
        var report = new TextReport(color: false, width: null) { IsWide = true };
        OverviewTable.Write(report, overview, now);
        await archive.AddTextAsync("status.txt", report.ToString(), cancellationToken);
    }

    private async Task AddLogAsync(string path, Pod pod, string container, bool isPrevious, CancellationToken cancellationToken)
    {
        var options = new LogOptions { Container = container, Previous = isPrevious, TailLines = LogLines, LimitBytes = LogBytes };
        if (await installation.Client.ReadLogAsync(pod.Key, options, cancellationToken) is { } log)
        {
            await archive.AddTextAsync(path, Encoding.UTF8.GetString(log.Span), cancellationToken);
        }
        else
        {
            archive.Miss(path, "the pod is gone");
        }
    }

    private async Task AddAgentAsync(Agent agent, CancellationToken cancellationToken)
    {
        await using var connection = await AgentConnection.OpenAsync(installation, agent, cancellationToken);
        foreach (var question in new[] { "status", "check" })
        {
            var path = $"agents/{agent.Node}/{question}.json";
            await TryAsync(path, async () => await archive.AddJsonAsync(path, JsonNode.Parse(await connection.GetAsync($"/{question}", cancellationToken)), cancellationToken));
        }

        var metrics = $"agents/{agent.Node}/metrics.txt";
        await TryAsync(metrics, async () => await archive.AddTextAsync(metrics, Encoding.UTF8.GetString(await connection.GetAsync("/metrics", cancellationToken)), cancellationToken));
    }

    /// <summary>Does without what cannot be read. What cannot be written ends everything.</summary>
    private async Task TryAsync(string path, Func<Task> add)
    {
        try
        {
            await add();
        }
        catch (Exception exception) when (exception is KubernetesException or AgentException or JsonException)
        {
            archive.Miss(path, exception.Message);
        }
    }
}

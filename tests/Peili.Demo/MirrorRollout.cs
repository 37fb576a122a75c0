using System.Text.Json.Nodes;
using Peili.LocalCluster.Kubernetes;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>From a cluster without Peili to one with an agent on every node, as README says.</summary>
internal sealed class MirrorRollout(KubernetesCluster cluster, Kubectl kubectl, Screen screen, Promises promises)
{
    /// <summary>Keeps pods off a node until its agent serves.</summary>
    public const string Taint = "peili.dev/agent-not-ready";

    private const string Namespace = "-n peili-system";

    /// <summary>Does it, and says whether each node is served.</summary>
    /// <exception cref="InvalidOperationException">It did not come to that; the message has what kubectl wrote.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        screen.Step("config/legacy, because this server is 1.20; from 1.25 on it is config/default");
        await kubectl.RunAsync("apply -k config/legacy", cancellationToken);
        await kubectl.RunAsync($"rollout status {Namespace} deployment/peili-operator --timeout=300s", cancellationToken);
        await kubectl.RunAsync("apply -f config/samples/registrymirror.yaml", cancellationToken);
        await WaitUntilReadyAsync(cancellationToken);
        await kubectl.RunAsync($"wait {Namespace} --for=condition=Ready pod -l peili.dev/mirror --timeout=300s", cancellationToken);
        await kubectl.ShowAsync($"get daemonset,pods {Namespace}", cancellationToken);
        await kubectl.ShowAsync("get registrymirror,nodemirrorstatus", cancellationToken);

        promises.Check($"every one of {cluster.Nodes.Count} nodes is Compatible and its agent sees them all", await FindUnservedAsync(cancellationToken));
        promises.Check("the startup taint came off every node", await FindTaintedAsync(cancellationToken));
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await kubectl.RunAsync("wait --for=condition=Ready registrymirror/default --timeout=300s", cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            var seen = await kubectl.ReadAsync("get pods,registrymirror,nodemirrorstatus -A -o wide", cancellationToken);
            throw new InvalidOperationException($"{exception.Message}\n{seen}", exception);
        }
    }

    private async Task<List<string>> FindUnservedAsync(CancellationToken cancellationToken)
    {
        var expected = $"Compatible, {cluster.Nodes.Count} alive";
        var statuses = (await ReadItemsAsync("nodemirrorstatus", cancellationToken)).ToDictionary(
            item => (string)item!["metadata"]!["name"]!, item => $"{item!["status"]?["verdict"]}, {item["status"]?["overlay"]?["alive"]} alive");
        return
        [
            .. cluster.Nodes.Select(node => (node.Name, Status: statuses.GetValueOrDefault(node.Name, "no status")))
                .Where(node => node.Status != expected)
                .Select(node => $"{node.Name}: {node.Status}"),
        ];
    }

    private async Task<List<string>> FindTaintedAsync(CancellationToken cancellationToken) =>
    [
        .. (await ReadItemsAsync("nodes", cancellationToken))
            .Where(node => node!["spec"]!["taints"]?.AsArray().Any(taint => (string?)taint!["key"] == Taint) == true)
            .Select(node => (string)node!["metadata"]!["name"]!),
    ];

    private async Task<JsonArray> ReadItemsAsync(string kind, CancellationToken cancellationToken) =>
        JsonNode.Parse(await kubectl.ReadAsync($"get {kind} -o json", cancellationToken))!["items"]!.AsArray();
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Peili.LocalCluster.Containerd;

namespace Peili.Demo;

/// <summary>A pod of one container. The scheduler puts it where it has to run, so a taint keeps it away.</summary>
internal sealed class DemoPod(Kubectl kubectl, string name, string node, string image)
{
    /// <summary>Creates it and waits until it is ready, for three minutes. The time is that between the two.</summary>
    public async Task<PullResult> StartAsync(CancellationToken cancellationToken)
    {
        (await kubectl.TryAsync("apply -f -", Manifest().ToJsonString(), cancellationToken)).OutputOrThrow("kubectl apply");
        var created = Stopwatch.GetTimestamp();
        var result = await kubectl.TryAsync($"wait --for=condition=Ready pod/{name} --timeout=180s", "", cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(created);
        var error = result.ExitCode == 0 ? null : $"{result.Error.Trim()} {await ReadWaitingAsync(cancellationToken)}";
        return new PullResult(error, elapsed, "");
    }

    /// <summary>How often kubelet's pull failed before it did not; kubelet tries again by itself.</summary>
    public async Task<int> ReadFailedPullsAsync(CancellationToken cancellationToken)
    {
        var events = await kubectl.ReadAsync($"get events --field-selector=involvedObject.name={name},reason=Failed -o json", cancellationToken);
        return JsonNode.Parse(events)!["items"]!.AsArray()
            .Where(item => ((string?)item!["message"])?.StartsWith("Failed to pull", StringComparison.Ordinal) == true)
            .Sum(item => (int?)item!["count"] ?? 1);
    }

    private Task<string> ReadWaitingAsync(CancellationToken cancellationToken) =>
        kubectl.ReadAsync($"get pod {name} -o jsonpath={{.status.containerStatuses[*].state.waiting.message}}", cancellationToken);

    private JsonObject Manifest() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["nodeSelector"] = new JsonObject { ["kubernetes.io/hostname"] = node },
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "shop", ["image"] = image }),
        },
    };
}

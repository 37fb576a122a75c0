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

using System.Text.Json.Nodes;
using Peili.Crds.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Processes;

namespace Peili.Chart.Tests.Support;

/// <summary>An API server, one Helm, and a stand-in for what would run the hooks' pods: it runs the operator's program with their arguments, and says in the Job how that ended.</summary>
internal sealed class ChartCluster : IAsyncDisposable
{
    private const string Namespace = "peili-system";
    private static readonly string s_program = Checkout.PathOf("artifacts", "bin", "peili-operator");

    private readonly ControlPlane _server;
    private readonly Helm _helm;
    private readonly ITestOutputHelper _output;
    private readonly Kubectl _kubectl;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly List<string> _jobs = [];

    private ChartCluster(ControlPlane server, Helm helm, ITestOutputHelper output)
    {
        (_server, _helm, _output, _kubectl) = (server, helm, output, new Kubectl(server.KubeConfig));
        _running = RunJobsAsync(_stop.Token);
    }

    public static string Folder => Checkout.PathOf("config", "chart");

    /// <summary>The Jobs that were run: name, arguments, exit status.</summary>
    public IReadOnlyList<string> Jobs => [.. _jobs];

    /// <summary>What the last of them wrote.</summary>
    public string Said { get; private set; } = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a server. Where something is not to be had, the test is skipped.</summary>
    public static async Task<ChartCluster> StartAsync(Helm helm, ITestOutputHelper output)
    {
        var whyNot = helm.WhyNot ?? ControlPlanePrograms.WhyNot ?? Kubectl.WhyNot;
        Assert.SkipWhen(whyNot is not null, whyNot ?? "");
        File.Exists(s_program).ShouldBeTrue($"{s_program} is not there (make build)");
        return new ChartCluster(await ControlPlane.StartAsync(Cancellation), helm, output);
    }

    public async Task<string> HelmAsync(params string[] arguments)
    {
        var result = await TryHelmAsync(arguments);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"helm {string.Join(' ', arguments)}: {result.Error}\n{Said}");
    }

    public async Task<CommandResult> TryHelmAsync(params string[] arguments)
    {
        var result = await _helm.RunAsync([.. arguments, "--namespace", Namespace], Cancellation, _server.KubeConfig);
        _output.WriteLine($"helm {string.Join(' ', arguments)}\n{result.Output}{result.Error}");

        // Its own exceptions say more than Helm's.
        return _running.IsFaulted ? throw _running.Exception : result;
    }

    public Task<string> KubectlAsync(params string[] arguments) => _kubectl.RunAsync(arguments);

    public Task<string> ApplyMirrorAsync(string name, params string[] finalizers) => _kubectl.RunWithAsync(
        new JsonObject
        {
            ["apiVersion"] = "peili.dev/v1alpha1",
            ["kind"] = "RegistryMirror",
            ["metadata"] = new JsonObject { ["name"] = name, ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => JsonValue.Create(finalizer))]) },
            ["spec"] = new JsonObject(),
        }.ToJsonString(),
        "apply", "-f", "-");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        await _server.DisposeAsync();
    }

    private async Task RunJobsAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var job in JsonNode.Parse(await KubectlAsync("get", "jobs", "-n", Namespace, "-o", "json"))!["items"]!.AsArray().Where(job => job!["status"]?["conditions"] is null))
            {
                await RunAsync((string)job!["metadata"]!["name"]!, [.. job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(argument => (string)argument!)], cancellationToken);
            }

            await Task.Delay(100, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(string name, string[] arguments, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(s_program, [.. arguments, "--kubeconfig", _server.KubeConfig], "", cancellationToken);
        Said = result.Output + result.Error;
        _output.WriteLine($"{name}: {Said}");
        _jobs.Add($"{name} {string.Join(' ', arguments)} {result.ExitCode}");
        var condition = new JsonObject { ["type"] = result.ExitCode == 0 ? "Complete" : "Failed", ["status"] = "True" };
        await KubectlAsync(
            "patch", "job", name, "-n", Namespace, "--subresource=status", "--type=merge", "-p", new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) } }.ToJsonString());
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Processes;

namespace Peili.Operator.Tests.RealNodes;

/// <summary>A cluster with Peili's images on every node, and what tests do with it.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private const int Attempts = 60;
    private static readonly TimeSpan s_betweenPulls = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private RealCluster(KubernetesCluster kubernetes) => Kubernetes = kubernetes;

    public KubernetesCluster Kubernetes { get; }

    public LocalCluster.Cluster Machines => Kubernetes.Machines;

    public IReadOnlyList<KubernetesNode> Nodes => Kubernetes.Nodes;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts three nodes. Where there can be none, the test is skipped.</summary>
    public static async Task<RealCluster> StartAsync(KubernetesNodeOptions? node = null)
    {
        Assert.SkipWhen(KubernetesCluster.WhyNot() is not null, KubernetesCluster.WhyNot() ?? "");

        // Debian's packages, of which the images' base is made, may be out of reach.
        var images = await PackedImages.PackAsync(Cancellation);
        Assert.SkipWhen(images.WhyNot is not null, images.WhyNot ?? "");
        var cluster = new RealCluster(await KubernetesCluster.StartAsync(new KubernetesClusterOptions { Nodes = 3, Node = node ?? new KubernetesNodeOptions() }, Cancellation));
        foreach (var archive in images.Archives)
        {
            await cluster.Kubernetes.ImportAsync(archive, Cancellation);
        }

        return cluster;
    }

    /// <summary>Installs the operator as README says, for this old server.</summary>
    public async Task InstallAsync()
    {
        await KubectlAsync("apply", "-k", LocalCluster.Checkout.PathOf("config", "legacy"));
        await KubectlAsync("rollout", "status", "-n", "peili-system", "deployment/peili-operator", "--timeout=180s");
    }

    public async Task ApplyMirrorAsync(string name, JsonObject? spec = null)
    {
        var mirror = new JsonObject { ["apiVersion"] = "peili.dev/v1alpha1", ["kind"] = "RegistryMirror", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec ?? [] };
        (await Kubernetes.KubectlAsync(["apply", "-f", "-"], mirror.ToJsonString(), Cancellation)).OutputOrThrow("kubectl apply");
    }

    public async Task WaitUntilReadyAsync(string name = "default")
    {
        try
        {
            await KubectlAsync("wait", "--for=condition=Ready", $"registrymirror/{name}", $"--timeout={s_patience.TotalSeconds:0}s");
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{await DescribeAsync()}", exception);
        }
    }

    public async Task<string> KubectlAsync(params string[] arguments) =>
        (await Kubernetes.KubectlAsync(arguments, Cancellation)).OutputOrThrow($"kubectl {string.Join(' ', arguments)}");

    /// <summary>The plugin of <c>make build</c>, as a real kubectl finds and runs it.</summary>
    public async Task<CommandResult> PluginAsync(params string[] arguments)
    {
        var programs = LocalCluster.Checkout.PathOf("artifacts", "bin");
        File.Exists(Path.Combine(programs, "kubectl-peili")).ShouldBeTrue("make build publishes kubectl-peili there");
        return await Command.RunAsync(
            "env", [$"KUBECONFIG={Kubernetes.KubeConfig}", $"PATH={programs}:{Environment.GetEnvironmentVariable("PATH")}", "kubectl", "peili", .. arguments], "", Cancellation);
    }

    /// <summary>The kubectl that was built with this server.</summary>
    public async Task<string> OldKubectlAsync(string input, params string[] arguments) =>
        (await Command.RunAsync(KubernetesCluster.OldKubectl, [$"--kubeconfig={Kubernetes.KubeConfig}", .. arguments], input, Cancellation)).OutputOrThrow($"kubectl {string.Join(' ', arguments)}");

    /// <summary>Has a node's containerd pull an image, as its kubelet would: again and again. A registry that has just gone counts as there for half a minute.</summary>
    public async Task PullAsync(int node, string reference)
    {
        for (var attempt = 1; ; attempt++)
        {
            var pull = await Nodes[node].Containerd.PullAsync(reference, cancellationToken: Cancellation);
            if (pull.Succeeded)
            {
                return;
            }

            attempt.ShouldBeLessThan(Attempts, $"{reference} on {Nodes[node].Name}: {pull.Error}");
            await Task.Delay(s_betweenPulls, Cancellation);
        }
    }

    /// <summary>Every file below every node's /etc/containerd, with its content.</summary>
    public IReadOnlyList<string> ReadHosts() => [.. Nodes.SelectMany(ReadHosts)];

    /// <summary>Every file below a node's /etc/containerd, with its content.</summary>
    public IReadOnlyList<string> ReadHosts(KubernetesNode node) => Path.Combine(node.Directory, "etc/containerd") is var folder && Directory.Exists(folder)
        ? [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(path => $"{path} {(File.Exists(path) ? File.ReadAllText(path) : "")}").Order(StringComparer.Ordinal)]
        : [];

    /// <summary>A value of a Secret's data.</summary>
    public async Task<string> DecodedAsync(string kind, string name, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(await KubectlAsync("get", kind, name, "-n", "peili-system", "-o", $"jsonpath={{.data.{key}}}")));

    /// <summary>Waits for what comes about sooner or later; the bound only says when to give up.</summary>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what)
    {
        for (var start = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(s_interval, Cancellation))
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(s_patience, what);
        }
    }

    /// <summary>What a person would look at when something is wrong.</summary>
    public async Task<string> DescribeAsync()
    {
        var texts = new List<string>();
        foreach (var arguments in new[]
        {
            "get pods -A -o wide", "get registrymirror,nodemirrorstatus -o yaml", "describe pods -n peili-system", "logs -n peili-system -l app.kubernetes.io/component=operator --tail=60",
            "logs -n peili-system -l app.kubernetes.io/name=peili-agent --tail=30",
        })
        {
            texts.Add($"--- kubectl {arguments}\n{(await Kubernetes.KubectlAsync(arguments.Split(' '), Cancellation)).Output}");
        }

        return string.Join('\n', texts);
    }

    public ValueTask DisposeAsync() => Kubernetes.DisposeAsync();
}

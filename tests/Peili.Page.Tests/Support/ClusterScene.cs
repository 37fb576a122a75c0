using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peili.AgentApi;
using Peili.Crds;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.NodeAgent.Tests.Support;
using Peili.Operator.Commands;
using Peili.Operator.Hosting;
using Peili.Operator.Page;
using Peili.Operator.Resources;

namespace Peili.Page.Tests.Support;

/// <summary>An operator as <c>run</c> builds it, whose API server is away; the objects that its page shows are put in by <see cref="ReadCluster"/>.</summary>
internal sealed class ClusterScene : IAsyncDisposable
{
    private const string KubeConfiguration =
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "test", "clusters": [{"name": "test", "cluster": {"server": "http://127.0.0.1:1"}}],
         "users": [{"name": "test", "user": {}}], "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}]}
        """;

    private readonly WebApplication _operator;
    private readonly TestDirectory _files;

    private ClusterScene(WebApplication host, TestDirectory files)
    {
        _operator = host;
        _files = files;
    }

    public Uri Page => new(_operator.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(1) + "/");

    public static async Task<ClusterScene> StartAsync(ReadCluster read, SavingsHistory? savings = null, ReadColdStarts? coldStarts = null)
    {
        var files = new TestDirectory();
        var anyPort = new IPEndPoint(IPAddress.Loopback, 0);
        var host = OperatorHost.Build(
            new OperatorOptions
            {
                Namespace = "peili-system",
                AgentImage = "peili.dev/peili-agent:test",
                Identity = "peili-operator-7f9c_1",
                ProbeAddress = anyPort,
                PageAddress = anyPort,
                LogLevel = LogLevel.Information,
            },
            KubernetesClientConfiguration.Build(KubeConfig.Load(files.Write("kubeconfig", KubeConfiguration))),
            services =>
            {
                services.AddSingleton(read);
                services.AddSingleton(coldStarts ?? (() => new Dictionary<string, IReadOnlyList<FetchedBlob>>()));
                if (savings is not null)
                {
                    services.AddSingleton(savings);
                }
            });
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new ClusterScene(host, files);
    }

    /// <summary>A cluster in the middle of a rollout: of a hundred nodes some are in each kind of trouble.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="round">Five minutes each, in which every node gets some more.</param>
    public static ClusterView Cluster(int nodes, int round = 0)
    {
        var statuses = Enumerable.Range(1, nodes).Select(number => StatusOf(number, round)).ToArray();
        int Count(Verdict verdict) => statuses.Count(status => status.Status!.Verdict == verdict);
        var mirror = new RegistryMirror
        {
            Metadata = new ObjectMeta { Name = "default" },
            Status = new RegistryMirrorStatus
            {
                Conditions =
                [
                    Make("Ready", "False", "RollingOut", $"{nodes / 3} of {nodes} agents of peili-default-kubeadm are available."),
                    Make("Progressing", "True", "RollingOut", $"{nodes / 3} of {nodes} agents of peili-default-kubeadm are available."),
                    Make("Degraded", "True", "NeedsConfiguration", "containerd needs configuration on ip-10-40-0-2; status.flavors says what to do."),
                    Make("Conflicted", "False", "NoConflict", "No other RegistryMirror has nodes that this one selects."),
                    Make("PodSecurityReady", "True", "Privileged", "Namespace peili-system admits agents."),
                ],
                Nodes = new NodeCounts
                {
                    Selected = nodes,
                    Ready = Count(Verdict.Compatible),
                    Compatible = Count(Verdict.Compatible),
                    NeedsConfiguration = Count(Verdict.NeedsConfiguration),
                    Unsupported = Count(Verdict.Unsupported),
                    Unknown = Count(Verdict.Unknown),
                },
                Flavors =
                [
                    new FlavorStatus { Name = "kubeadm", Nodes = Count(Verdict.Compatible), Verdict = Verdict.Compatible },
                    new FlavorStatus
                    {
                        Name = "kubeadm", Nodes = Count(Verdict.NeedsConfiguration), Verdict = Verdict.NeedsConfiguration, Reason = "LayersDiscarded",
                        Message = "discard_unpacked_layers is on: this node reads from others but has no layers to give them",
                        Remedy = "Set discard_unpacked_layers = false in /etc/containerd/config.toml, then, one node at a time: systemctl restart containerd.",
                    },
                ],
            },
        };
        return new ClusterView([mirror], statuses, [SetOf("kubeadm", nodes, nodes / 3), SetOf("k3s", 4, 4)], statuses.Select(NodeOf), IsSynced: true);
    }

    /// <summary>A node's name.</summary>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"ip-10-40-{number / 250}-{number % 250}.eu-north-1.compute.internal");

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        _files.Dispose();
    }

    private static NodeMirrorStatus StatusOf(int number, int round)
    {
        var (verdict, ready) = (number % 100) switch
        {
            2 => (Verdict.NeedsConfiguration, "False"),
            40 => (Verdict.Unsupported, "False"),
            60 => (Verdict.Unknown, "Unknown"),
            80 => (Verdict.Compatible, "False"),
            _ => (Verdict.Compatible, "True"),
        };
        return new NodeMirrorStatus
        {
            Metadata = new ObjectMeta { Name = NameOf(number) },
            Status = new NodeMirrorStatusStatus
            {
                Mirror = "default",
                Flavor = "kubeadm",
                ContainerdVersion = "2.1.4",
                Verdict = verdict,
                Conditions = [Make("Ready", ready, ready == "True" ? "Mirroring" : "NotServing", "<img src=x onerror=\"document.title='hit'\">")],
                Findings = verdict == Verdict.NeedsConfiguration
                    ?
                    [
                        new NodeFinding
                        {
                            Reason = "LayersDiscarded", Severity = FindingSeverity.Warning, Evidence = "/etc/containerd/config.toml:12",
                            Message = "discard_unpacked_layers is on", Remedy = "Set it to false, then: systemctl restart containerd.",
                        },
                    ]
                    : [],
                Agent = new AgentStatus { Version = "0.1.0", Ready = ready == "True", Address = "10.40.0.2:29951" },
                Bytes = new ByteCounters { FromPeers = 40_000_000L * round * (round + number % 7), FromLocal = 9_000_000L * round * (number % 5) },
            },
        };
    }

    private static Node NodeOf(NodeMirrorStatus status, int number) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = status.Metadata.Name,
            Labels = new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = "eu-north-1" + "abc"[number % 3] },
        },
    };

    private static DaemonSet SetOf(string flavor, int desired, int updated) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = $"peili-default-{flavor}",
            Generation = 2,
            Labels = new Dictionary<string, string> { [Node.MirrorLabel] = "default", [Node.FlavorLabel] = flavor },
        },
        Status = new DaemonSetStatus { ObservedGeneration = 2, DesiredNumberScheduled = desired, UpdatedNumberScheduled = updated, NumberAvailable = updated, NumberReady = updated },
    };

    private static Condition Make(string type, string status, string reason, string message) => new() { Type = type, Status = status, Reason = reason, Message = message };
}

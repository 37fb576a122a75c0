using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Kubectl.Api;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.LocalCluster.Kubernetes;
using Peili.Operator.Tests.Support;

namespace Peili.Kubectl.Tests.Support;

/// <summary>
/// What an operator would have left in a real API server: a RegistryMirror, three nodes of which one needs configuration and one cannot mirror, two agents' pods. Objects only; what runs is tested on real nodes.
/// </summary>
public sealed class Scene : IAsyncLifetime
{
    /// <summary>Stands in every Secret, and in whatever else must not be in a bundle.</summary>
    public const string Marker = "MARKER-7f3a9";

    private readonly SharedControlPlane _shared;
    private KubernetesClient? _client;

    public Scene(SharedControlPlane shared) => _shared = shared;

    public string KubeConfig { get; private set; } = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ResourceKind<KubernetesObject> Nodes => Any(CrdKinds.Group, CrdKinds.Version, "nodemirrorstatuses", "NodeMirrorStatus", isNamespaced: false);

    /// <summary>Does nothing where there is no API server: a fixture cannot skip a test.</summary>
    public async ValueTask InitializeAsync()
    {
        if (ControlPlanePrograms.WhyNot is not null)
        {
            return;
        }

        var controlPlane = await _shared.GetAsync();
        KubeConfig = controlPlane.KubeConfig;
        _client = new KubernetesClient(KubernetesClientConfiguration.Build(Kubernetes.Configuration.KubeConfig.Load(KubeConfig)));
        await ApplyAsync(Any("", "v1", "namespaces", "Namespace", isNamespaced: false), """{"metadata": {"name": "peili-system"}}""");
        await ApplyMirrorAsync();
        await ApplyNodeAsync("node-a", "True", "Mirroring", "The node mirrors.", """
            "verdict": "Compatible", "flavor": "kubeadm", "containerdVersion": "1.7.24", "overlay": {"members": 2, "alive": 2, "digests": 12, "images": 3},
            "bytes": {"fromPeers": "5368709120", "fromRelay": "0", "toPeers": "0", "fromLocal": "1048576"}, "agent": {"version": "0.1.0", "ready": true, "address": "10.0.0.1:29951"}
            """);
        await ApplyNodeAsync("node-b", "False", "LayersDiscarded", "discard_unpacked_layers is on Set it to false.", """
            "verdict": "NeedsConfiguration", "flavor": "eks-al2023",
            "findings": [{"reason": "LayersDiscarded", "severity": "Error", "message": "containerd discards layers", "evidence": "/etc/containerd/config.toml:3", "remedy": "Set it to false.\n[plugins]\n  discard = false"}]
            """);
        await ApplyNodeAsync("node-c", "False", "NotContainerd", "cri-o is not containerd.", """ "verdict": "Unsupported", "flavor": "cri-o" """);
        await ApplyOperatorAsync();
        await ApplyAgentAsync("agent-a", "node-a");
        await ApplyAgentAsync("agent-b", "node-b");
        foreach (var name in new[] { "peili-ca", "peili-agent", "peili-metrics", "login" })
        {
            await ApplyAsync(Any("", "v1", "secrets", "Secret", isNamespaced: true), $$$"""{"metadata": {"name": "{{{name}}}", "namespace": "peili-system"}, "stringData": {"token": "{{{Marker}}}"}}""");
        }
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Has a node's overlay report another number of blobs.</summary>
    public Task ChangeDigestsAsync(string node, int digests) => _client!.PatchAsync(
        Nodes, new NamespacedName(null, node), Patch.Merge(new JsonObject { ["status"] = new JsonObject { ["overlay"] = new JsonObject { ["digests"] = digests } } }), Cancellation, "status");

    /// <summary>A kubeconfig for a user with this ClusterRole and nothing else.</summary>
    public async Task<string> KubeConfigOfAsync(string user, string? role)
    {
        if (role is not null)
        {
            await ApplyAsync(
                Any("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", isNamespaced: false),
                $$"""
                {
                  "metadata": {"name": "test-{{user}}"},
                  "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "{{role}}"},
                  "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "{{user}}"}]
                }
                """);
        }

        var path = Path.Combine(Path.GetDirectoryName(KubeConfig)!, $"{user}.kubeconfig");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(KubeConfig, Cancellation)).Replace("  user:\n", $"  user:\n    as: {user}\n", StringComparison.Ordinal), Cancellation);
        return path;
    }

    /// <summary>Creates an object, or makes it so.</summary>
    internal async Task ApplyAsync(ResourceKind<KubernetesObject> kind, string json, string? status = null)
    {
        var applied = JsonSerializer.Deserialize(json, PluginJson.Default.KubernetesObject)!;
        await _client!.ApplyAsync(kind, applied, "test", Cancellation);
        if (status is not null)
        {
            await _client.PatchAsync(kind, applied.Key, Patch.Merge(new JsonObject { ["status"] = JsonNode.Parse(status) }), Cancellation, "status");
        }
    }

    internal static ResourceKind<KubernetesObject> Any(string group, string version, string plural, string kind, bool isNamespaced) =>
        ResourceKinds.Any(group, version, plural, kind, isNamespaced);

    private Task ApplyMirrorAsync() => ApplyAsync(
        Any(CrdKinds.Group, CrdKinds.Version, "registrymirrors", "RegistryMirror", isNamespaced: false),
        $$$"""
        {
          "metadata": {"name": "default", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{{{Marker}}}"}},
          "spec": {"agent": {"env": [{"name": "HTTPS_PROXY", "value": "http://user:{{{Marker}}}@proxy:3128"}]}}
        }
        """,
        """
        {
          "nodes": {"selected": 3, "ready": 1, "compatible": 1, "needsConfiguration": 1, "unsupported": 1, "unknown": 0},
          "conditions": [
            {"type": "Ready", "status": "False", "reason": "NodesNotReady", "message": "1 of 2 nodes do not mirror: node-b.", "lastTransitionTime": "2026-01-01T00:00:00Z"},
            {"type": "Degraded", "status": "True", "reason": "NeedsConfiguration", "message": "containerd needs configuration on node-b", "lastTransitionTime": "2026-01-01T00:00:00Z"}
          ]
        }
        """);

    private Task ApplyNodeAsync(string name, string ready, string reason, string message, string rest) => ApplyAsync(
        Nodes,
        $$$"""{"metadata": {"name": "{{{name}}}"}}""",
        $$"""
        {
          "mirror": "default", {{rest}},
          "conditions": [{"type": "Ready", "status": "{{ready}}", "reason": "{{reason}}", "message": "{{message}}", "lastTransitionTime": "2026-01-01T00:00:00Z"}]
        }
        """);

    private async Task ApplyOperatorAsync()
    {
        await ApplyAsync(
            Any("apps", "v1", "deployments", "Deployment", isNamespaced: true),
            $$$"""
            {
              "metadata": {"name": "peili-operator", "namespace": "peili-system"},
              "spec": {
                "replicas": 2,
                "selector": {"matchLabels": {"app.kubernetes.io/name": "peili"}},
                "template": {
                  "metadata": {"labels": {"app.kubernetes.io/name": "peili"}},
                  "spec": {"containers": [{"name": "operator", "image": "peili", "args": ["run", "--password={{{Marker}}}"], "env": [{"name": "TOKEN", "value": "{{{Marker}}}"}]}]}
                }
              }
            }
            """,
            """{"replicas": 2, "readyReplicas": 2, "updatedReplicas": 2, "availableReplicas": 2}""");
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await ApplyAsync(
            Any("coordination.k8s.io", "v1", "leases", "Lease", isNamespaced: true),
            $$$"""
            {
              "metadata": {"name": "peili-operator", "namespace": "peili-system"},
              "spec": {"holderIdentity": "peili-operator-7c9_1234", "leaseDurationSeconds": 3600, "acquireTime": "{{{now}}}", "renewTime": "{{{now}}}"}
            }
            """);
    }

    private Task ApplyAgentAsync(string name, string node) => ApplyAsync(
        Any("", "v1", "pods", "Pod", isNamespaced: true),
        $$$"""
        {
          "metadata": {"name": "{{{name}}}", "namespace": "peili-system", "labels": {"app.kubernetes.io/name": "peili-agent", "peili.dev/mirror": "default", "peili.dev/flavor": "kubeadm"}},
          "spec": {"nodeName": "{{{node}}}", "containers": [{"name": "agent", "image": "peili"}]}
        }
        """,
        """
        {
          "phase": "Running",
          "conditions": [{"type": "Ready", "status": "True"}],
          "containerStatuses": [{"name": "agent", "ready": true, "restartCount": 0, "image": "peili", "imageID": ""}]
        }
        """);
}

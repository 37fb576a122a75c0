using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Peili.Crds;

namespace Peili.Bench.Operator;

/// <summary>What kubelets and controllers would have written of a node, as large as on real ones.</summary>
internal static class NodeObjects
{
    /// <summary>The RegistryMirror that has all nodes.</summary>
    public const string Mirror = "default";

    private const string Flavor = "kubeadm";
    private const int Images = 30;
    private const string Then = "2026-01-01T00:00:00Z";

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number:00000}.cluster.example.com");

    /// <summary>Each node has an address of the loopback's of its own.</summary>
    public static IPAddress AddressOf(int number) => new([127, 1, (byte)(number / 250), (byte)(1 + (number % 250))]);

    public static JsonObject Node(int number, bool isLabelled)
    {
        var name = NameOf(number);
        var labels = new JsonObject
        {
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
            ["kubernetes.io/hostname"] = name,
            ["beta.kubernetes.io/os"] = "linux",
            ["beta.kubernetes.io/arch"] = "amd64",
            ["node.kubernetes.io/instance-type"] = "m5.2xlarge",
            ["topology.kubernetes.io/region"] = "region-1",
            ["topology.kubernetes.io/zone"] = $"region-1{(char)('a' + (number % 3))}",
        };
        if (isLabelled)
        {
            labels[Peili.Operator.Resources.Node.MirrorLabel] = Mirror;
            labels[Peili.Operator.Resources.Node.FlavorLabel] = Flavor;
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = labels,
                ["annotations"] = new JsonObject
                {
                    ["kubeadm.alpha.kubernetes.io/cri-socket"] = "unix:///run/containerd/containerd.sock",
                    ["node.alpha.kubernetes.io/ttl"] = "300",
                    ["volumes.kubernetes.io/controller-managed-attach-detach"] = "true",
                    ["projectcalico.org/IPv4Address"] = $"{AddressOf(number)}/16",
                },
            },
            ["spec"] = new JsonObject { ["podCIDR"] = "10.1.0.0/24", ["providerID"] = $"example:///region-1/{name}" },
            ["status"] = new JsonObject
            {
                ["capacity"] = Resources(),
                ["allocatable"] = Resources(),
                ["conditions"] = new JsonArray(
                    [.. new[] { "MemoryPressure", "DiskPressure", "PIDPressure", "Ready" }.Select(type => Condition(type, type == "Ready" ? "True" : "False", "KubeletHasNoProblem", "kubelet has no problem with this"))]),
                ["addresses"] = new JsonArray(
                    new JsonObject { ["type"] = "InternalIP", ["address"] = $"{AddressOf(number)}" },
                    new JsonObject { ["type"] = "Hostname", ["address"] = name }),
                ["nodeInfo"] = new JsonObject
                {
                    ["operatingSystem"] = "linux",
                    ["osImage"] = "Debian GNU/Linux 12 (bookworm)",
                    ["containerRuntimeVersion"] = "containerd://1.7.24",
                    ["kubeletVersion"] = "v1.30.0",
                    ["kubeProxyVersion"] = "v1.30.0",
                    ["architecture"] = "amd64",
                    ["bootID"] = $"{Guid.NewGuid()}",
                    ["kernelVersion"] = "6.1.0-28-amd64",
                    ["machineID"] = $"{Guid.NewGuid():N}",
                    ["systemUUID"] = $"{Guid.NewGuid()}",
                },
                ["images"] = new JsonArray([.. Enumerable.Range(0, Images).Select(Image)]),
            },
        };
    }

    /// <summary>The pod that the DaemonSet's controller would make there.</summary>
    public static JsonObject Pod(JsonObject daemonSet, int number)
    {
        var template = daemonSet["spec"]!["template"]!.DeepClone();
        var metadata = template["metadata"]!.AsObject();
        var name = daemonSet["metadata"]!["name"]!.GetValue<string>();
        metadata["name"] = string.Create(CultureInfo.InvariantCulture, $"{name}-{number:00000}");
        metadata["namespace"] = daemonSet["metadata"]!["namespace"]!.DeepClone();
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "DaemonSet",
            ["name"] = name,
            ["uid"] = daemonSet["metadata"]!["uid"]!.DeepClone(),
            ["controller"] = true,
        });
        template["spec"]!["nodeName"] = NameOf(number);
        return template.AsObject();
    }

    /// <summary>The status of a pod whose agent serves.</summary>
    public static JsonObject PodStatus(int number) => new()
    {
        ["phase"] = "Running",
        ["hostIP"] = $"{AddressOf(number)}",
        ["podIP"] = $"{AddressOf(number)}",
        ["startTime"] = Then,
        ["conditions"] = new JsonArray([.. new[] { "Initialized", "Ready", "ContainersReady", "PodScheduled" }.Select(type => Condition(type, "True", "", ""))]),
        ["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["name"] = "agent",
            ["ready"] = true,
            ["restartCount"] = 0,
            ["image"] = "peili.dev/peili-agent:bench",
            ["imageID"] = "peili.dev/peili-agent@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            ["containerID"] = "containerd://0000000000000000000000000000000000000000000000000000000000000000",
            ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Then } },
        }),
    };

    /// <summary>The status of a DaemonSet that is rolled out to so many nodes.</summary>
    public static JsonObject DaemonSetStatus(JsonObject daemonSet, int nodes) => new()
    {
        ["observedGeneration"] = daemonSet["metadata"]!["generation"]!.DeepClone(),
        ["desiredNumberScheduled"] = nodes,
        ["currentNumberScheduled"] = nodes,
        ["updatedNumberScheduled"] = nodes,
        ["numberAvailable"] = nodes,
        ["numberReady"] = nodes,
        ["numberMisscheduled"] = 0,
    };

    public static JsonObject RegistryMirror(int peerPort) => new()
    {
        ["apiVersion"] = CrdKinds.RegistryMirror.ApiVersion,
        ["metadata"] = new JsonObject { ["name"] = Mirror },
        ["spec"] = new JsonObject { ["ports"] = new JsonObject { ["peer"] = peerPort } },
    };

    private static JsonObject Condition(string type, string status, string reason, string message)
    {
        var condition = new JsonObject { ["type"] = type, ["status"] = status, ["lastTransitionTime"] = Then };
        if (reason.Length > 0)
        {
            (condition["reason"], condition["message"], condition["lastHeartbeatTime"]) = (reason, message, Then);
        }

        return condition;
    }

    private static JsonObject Resources() => new() { ["cpu"] = "8", ["memory"] = "32Gi", ["pods"] = "110", ["ephemeral-storage"] = "100Gi" };

    private static JsonObject Image(int index) => new()
    {
        ["names"] = new JsonArray(
            $"registry.example.com/team-{index}/service-{index}@sha256:{index:x64}",
            $"registry.example.com/team-{index}/service-{index}:v1.{index}.0"),
        ["sizeBytes"] = 50_000_000 + index,
    };
}

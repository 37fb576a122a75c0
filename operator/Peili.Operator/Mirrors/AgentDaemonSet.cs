using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Flavors;
using Peili.Operator.Manifests;
using Peili.Operator.Metrics;
using Peili.Operator.Resources;

namespace Peili.Operator.Mirrors;

/// <summary>Renders the DaemonSet of one RegistryMirror on the nodes of one flavor.</summary>
internal static class AgentDaemonSet
{
    /// <summary>The memory that an agent may use; 5,000 members and 20 transfers take half of it.</summary>
    private const string MemoryLimit = "256Mi";

    /// <summary>A Kubernetes name has 63 characters where it becomes a label.</summary>
    private const int LongestName = 63;

    /// <summary>Its name.</summary>
    public static string NameOf(string mirror, string flavor)
    {
        var name = $"peili-{mirror}-{flavor}";
        return name.Length <= LongestName ? name : $"{name[..(LongestName - 9)]}-{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))).ToLowerInvariant()[..8]}";
    }

    /// <summary>The manifest.</summary>
    /// <param name="mirror">Whose agents they are.</param>
    /// <param name="flavor">The nodes' flavor.</param>
    /// <param name="unknown">The flavor whose paths count where this one has none.</param>
    /// <param name="image">The agents' image.</param>
    /// <param name="inNamespace">The operator's namespace.</param>
    /// <param name="configuration">What tells one configuration of mirrors from another; null for none.</param>
    public static JsonObject Render(RegistryMirror mirror, Flavor flavor, Flavor unknown, string image, string inNamespace, string? configuration)
    {
        var spec = mirror.Spec;
        var name = mirror.Metadata.Name!;
        var paths = AgentPaths.Of(spec.Containerd, flavor, unknown);
        (string, string)[] labels = [(Node.MirrorLabel, name), (Node.FlavorLabel, flavor.Name)];
        var rendered = Manifest.Read("daemonset.yaml").Named(inNamespace, NameOf(name, flavor.Name), labels);
        rendered["metadata"]!["ownerReferences"] = new JsonArray(MirrorOwner.Reference(mirror));
        var set = rendered["spec"]!;
        set["selector"] = new JsonObject { ["matchLabels"] = Manifest.Labels(labels) };
        set["updateStrategy"]!["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = IntOrString(spec.UpdateStrategy.MaxUnavailable) };
        var template = set["template"]!;
        template["metadata"]!["labels"] = Manifest.Labels(labels);
        if (configuration is not null)
        {
            template["metadata"]!["annotations"]!["peili.dev/configuration"] = configuration;
        }

        template["spec"]!["nodeSelector"] = new JsonObject { ["kubernetes.io/os"] = "linux", [Node.MirrorLabel] = name, [Node.FlavorLabel] = flavor.Name };
        FillPod(template["spec"]!.AsObject(), spec, flavor, paths, image, inNamespace, configuration is null ? null : MirrorConfiguration.NameOf(name));
        return rendered;
    }

    private static void FillPod(JsonObject pod, RegistryMirrorSpec spec, Flavor flavor, AgentPaths paths, string image, string inNamespace, string? configuration)
    {
        pod["tolerations"] = JsonSerializer.SerializeToNode(spec, CrdJson.Default.RegistryMirrorSpec)!["tolerations"]!.DeepClone();
        var container = pod["containers"]![0]!.AsObject();
        var volumes = pod["volumes"]!.AsArray();
        var mounts = container["volumeMounts"]!.AsArray();
        container["image"] = image;
        container["args"] = new JsonArray([.. AgentArguments.Of(spec, flavor, paths, inNamespace, configuration is not null).Select(argument => JsonValue.Create(argument))]);
        container["ports"] = new JsonArray(
            new JsonObject { ["name"] = "peer", ["containerPort"] = spec.Ports.Peer, ["hostPort"] = spec.Ports.Peer, ["protocol"] = "TCP" },
            new JsonObject { ["name"] = "overlay", ["containerPort"] = spec.Ports.Peer, ["hostPort"] = spec.Ports.Peer, ["protocol"] = "UDP" });
        foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
        {
            container[probe]!["httpGet"]!["port"] = spec.Ports.Ops;
        }

        container["resources"] = Resources(spec.Agent);
        foreach (var variable in JsonSerializer.SerializeToNode(spec, CrdJson.Default.RegistryMirrorSpec)!["agent"]!["env"]!.AsArray())
        {
            container["env"]!.AsArray().Add(variable!.DeepClone());
        }

        if (spec.Metrics.Mode == MetricsMode.Node)
        {
            container["ports"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = "metrics", ["containerPort"] = spec.Ports.Metrics, ["hostPort"] = spec.Ports.Metrics, ["protocol"] = "TCP" });
            volumes.Add((JsonNode)new JsonObject { ["name"] = "metrics", ["secret"] = new JsonObject { ["secretName"] = MetricsToken.SecretName, ["defaultMode"] = 0x100 } });
            mounts.Add((JsonNode)new JsonObject { ["name"] = "metrics", ["mountPath"] = "/etc/peili/metrics", ["readOnly"] = true });
        }

        foreach (var ((path, isReadOnly), index) in paths.Folders.Select((folder, index) => (folder, index)))
        {
            volumes.Add((JsonNode)new JsonObject { ["name"] = $"host-{index}", ["hostPath"] = new JsonObject { ["path"] = path, ["type"] = "" } });
            mounts.Add((JsonNode)new JsonObject { ["name"] = $"host-{index}", ["mountPath"] = path, ["readOnly"] = isReadOnly, ["mountPropagation"] = "HostToContainer" });
        }

        if (configuration is null)
        {
            mounts.Remove(mounts.First(mount => (string?)mount!["name"] == "config"));
        }
        else
        {
            volumes.Add((JsonNode)new JsonObject { ["name"] = "config", ["secret"] = new JsonObject { ["secretName"] = configuration, ["defaultMode"] = 0x100 } });
        }
    }

    // No limit of processor: a throttled agent is slower than none.
    private static JsonObject Resources(AgentSpec agent)
    {
        var said = JsonSerializer.SerializeToNode(agent, CrdJson.Default.AgentSpec)!["resources"]!.DeepClone().AsObject();
        if (said["limits"] is not JsonObject { Count: > 0 })
        {
            said["limits"] = new JsonObject { ["memory"] = MemoryLimit };
        }

        if (said["requests"] is not JsonObject { Count: > 0 })
        {
            said["requests"] = new JsonObject { ["cpu"] = "20m", ["memory"] = "64Mi" };
        }

        return said;
    }

    private static JsonValue IntOrString(string value) => int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(value);
}

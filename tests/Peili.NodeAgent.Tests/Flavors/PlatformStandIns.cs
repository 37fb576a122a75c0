using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.Toml;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Tests.Flavors;

/// <summary>
/// Stand-ins for what platforms do with their settings, as they document it. They are given what check tells people to paste, so that a snippet that would
/// not work fails a test; no platform was run.
/// </summary>
internal static class PlatformStandIns
{
    /// <summary>What an administrator does whom check told what to do, on platforms where the remedy is no file of the host.</summary>
    public static void Apply(GoldenHost host, CheckReport report)
    {
        switch (report.Flavor)
        {
            case "talos":
                WriteMachineConfiguration(host, Snippet(report, Finding.LayersDiscarded));
                WriteMachineConfiguration(host, Snippet(report, Finding.HostsDirectoryOwned));
                break;
            case "eks-bottlerocket":
                SetMirrors(host, Snippet(report, Finding.HostsDirectoryOwned, Finding.ConfigPathUnset));
                break;
            case "gke":
                SetRegistryHosts(host, Snippet(report, Finding.HostsDirectoryOwned, Finding.ConfigPathUnset));
                break;
            case "k3s" or "rke2":
                Replace(host, $"/etc/rancher/{report.Flavor}/config.yaml", "embedded-registry: true", "embedded-registry: false");
                break;
            case "aks":
                Replace(host, "/etc/containerd/config.toml", "  snapshotter = \"overlaybd\"\n  disable_snapshot_annotations = false\n", "");
                break;
            case "eks-al2023":
                Replace(host, "/etc/containerd/config.toml", "snapshotter = 'soci'\n", "");
                break;
        }
    }

    /// <summary>nodeadm merges what a NodeConfig says into the configuration that it renders at each boot.</summary>
    public static void RenderByNodeadm(GoldenHost host, string nodeConfig) =>
        Merge(host, "/etc/containerd/config.toml", Yaml(nodeConfig)["spec"]["containerd"]["config"].ToString());

    /// <summary>kind merges each patch into the node's configuration when it makes the cluster.</summary>
    public static void PatchByKind(GoldenHost host, string cluster)
    {
        foreach (var patch in (YamlSequenceNode)Yaml(cluster)["containerdConfigPatches"])
        {
            Merge(host, "/etc/containerd/config.toml", patch.ToString());
        }
    }

    /// <summary>k0s up to 1.35 merges drop-ins with CRI settings into a file of its own; newer ones are imported as they are.</summary>
    public static void RestartByK0s(GoldenHost host)
    {
        if (host.Release is { Major: < 2 })
        {
            Merge(host, "/run/k0s/containerd-cri.toml", host.Read("/etc/k0s/containerd.d/cri-registry.toml"));
        }
    }

    /// <summary>Talos writes machine.files, puts the parts together, and writes its mirrors to the hosts directory.</summary>
    private static void WriteMachineConfiguration(GoldenHost host, string machineConfiguration)
    {
        var machine = (YamlMappingNode)Yaml(machineConfiguration)["machine"];
        if (machine.Children.TryGetValue("files", out var files))
        {
            foreach (var file in (YamlSequenceNode)files)
            {
                host.Write(file["path"].ToString(), file["content"].ToString());
                Merge(host, "/etc/cri/conf.d/cri.toml", file["content"].ToString());
            }
        }

        if (machine.Children.TryGetValue("registries", out var registries))
        {
            foreach (var (registry, mirror) in (YamlMappingNode)registries["mirrors"])
            {
                WriteHosts(host, "/etc/cri/conf.d/hosts", registry.ToString(), [.. ((YamlSequenceNode)mirror["endpoints"]).Select(endpoint => endpoint.ToString())]);
            }
        }
    }

    /// <summary>Bottlerocket from 1.56 on writes its mirrors to hosts.toml files, and no registry.mirrors.</summary>
    private static void SetMirrors(GoldenHost host, string settings)
    {
        var configuration = TomlDocument.Parse(host.Read("/etc/containerd/config.toml"));
        configuration.Remove("plugins", "io.containerd.cri.v1.images", "registry");
        configuration.Set(["plugins", "io.containerd.cri.v1.images", "registry", "config_path"], "/etc/containerd/certs.d");
        host.Write("/etc/containerd/config.toml", configuration.ToString());
        foreach (var mirror in TomlDocument.Parse(settings).Find("settings", "container-registry", "mirrors")!.AsArray())
        {
            WriteHosts(host, "/etc/containerd/certs.d", mirror.Find("registry")!.AsString(), [.. mirror.Find("endpoint")!.AsArray().Select(endpoint => endpoint.AsString())]);
        }
    }

    /// <summary>GKE makes the node anew with config_path and a hosts.toml for each registry, and without its own mirrors.</summary>
    private static void SetRegistryHosts(GoldenHost host, string nodePool)
    {
        var configuration = TomlDocument.Parse(host.Read("/etc/containerd/config.toml"));
        configuration.Remove("plugins", "io.containerd.grpc.v1.cri", "registry");
        configuration.Set(["plugins", "io.containerd.grpc.v1.cri", "registry", "config_path"], "/etc/containerd/hosts.d");
        host.Write("/etc/containerd/config.toml", configuration.ToString());
        foreach (var server in (YamlSequenceNode)Yaml(nodePool)["registryHosts"])
        {
            WriteHosts(host, "/etc/containerd/hosts.d", server["server"].ToString(), [.. ((YamlSequenceNode)server["hosts"]).Select(each => each["host"].ToString())]);
        }
    }

    private static void WriteHosts(GoldenHost host, string directory, string registry, IReadOnlyList<string> endpoints) => host.Write(
        $"{directory}/{(registry == "*" ? "_default" : registry)}/hosts.toml",
        string.Concat(endpoints.Select(endpoint => $"[host.\"{endpoint}\"]\n  capabilities = [\"pull\", \"resolve\"]\n")));

    private static void Merge(GoldenHost host, string path, string patch)
    {
        var document = TomlDocument.Parse(host.Read(path));
        Merge(document, [], TomlDocument.Parse(patch).Root);
        host.Write(path, document.ToString());
    }

    private static void Merge(TomlDocument document, TomlStep[] path, TomlTable patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is TomlTable table)
            {
                Merge(document, [.. path, key], table);
            }
            else
            {
                document.Set([.. path, key], value);
            }
        }
    }

    private static string Snippet(CheckReport report, params Finding[] reasons) =>
        report.Findings.First(finding => reasons.Contains(finding.Reason) && finding.Snippet is not null).Snippet!;

    private static YamlNode Yaml(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml.Documents[0].RootNode;
    }

    private static void Replace(GoldenHost host, string path, string before, string after)
    {
        if (File.Exists(host.Root.At(path)))
        {
            host.Write(path, host.Read(path).Replace(before, after, StringComparison.Ordinal));
        }
    }
}

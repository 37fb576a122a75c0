using Peili.LocalCluster.Containerd;

namespace Peili.Pulls.Tests;

/// <summary>A configuration of containerd, and what check should say of it.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Root">The root file below what every node needs; <c>{D}</c> is certs.d, <c>{C}</c> the folder of drop-ins.</param>
/// <param name="Findings">Findings that must be there, besides notes; none when it is compatible.</param>
public sealed record CheckCase(string Name, string Root, params string[] Findings)
{
    private const string Cri = "plugins.\"io.containerd.grpc.v1.cri\"";
    private const string Images = "plugins.\"io.containerd.cri.v1.images\"";
    private const string Runtimes = $"\n[{Cri}.containerd.runtimes.runc]\nruntime_type = \"io.containerd.runc.v2\"\n";
    private const string Set = "config_path = \"{D}\"\n";
    private const string List = "config_path = \"{D}:/none\"\n";
    private const string Mirror = "endpoint = [\"http://mirror.example\"]\n";

    /// <summary>What <c>version</c> the root file has; 0 for none.</summary>
    public int Version { get; init; } = 2;

    /// <summary>A drop-in; null for none.</summary>
    public string? DropIn { get; init; }

    /// <summary>Whether containerd does not start at all with it.</summary>
    public bool Refused { get; init; }

    /// <summary>Whether the CRI plugin does not load.</summary>
    public bool WithoutCri { get; init; }

    /// <summary>Plugins to disable beside those that every node does without.</summary>
    public string Disabled { get; init; } = "";

    /// <summary>Whether layers are gone once they are unpacked.</summary>
    public bool Discards { get; init; }

    /// <summary>Text of the probe registry's own hosts.toml; null for no folder of its own, empty for an empty folder.</summary>
    public string? ProbeHosts { get; init; }

    /// <summary>Whether a pull reaches the agent although something was found.</summary>
    public bool ReachesStill { get; init; }

    /// <summary>Whether a pull reaches the agent.</summary>
    public bool Reaches => Findings.Length == 0 || ReachesStill;

    /// <summary>The configurations for a release.</summary>
    public static IEnumerable<CheckCase> For(ContainerdRelease release) => release switch
    {
        ContainerdRelease.V2_1 => [.. Version3(), .. Both(is2: true)],
        _ => [.. Version2(ignoresHigherVersions: release == ContainerdRelease.V1_6), .. Both(is2: false)],
    };

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static IEnumerable<CheckCase> Both(bool is2) =>
    [
        new("unset", "", "ConfigPathUnset"),
        new("empty", $"[{Cri}.registry]\nconfig_path = \"\"\n", "ConfigPathUnset"),
        new("single", $"[{Cri}.registry]\n{Set}"),
        new("single, with a slash behind", $"[{Cri}.registry]\nconfig_path = \"{{D}}/\"\n"),
        new("elsewhere", $"[{Cri}.registry]\nconfig_path = \"/none\"\n", "HostsDirectoryElsewhere"),
        new("layers discarded", $"[{Cri}.registry]\n{Set}[{Cri}.containerd]\ndiscard_unpacked_layers = true\n{Runtimes}", "LayersDiscarded") { Discards = true, ReachesStill = true },
        new("layers kept", $"[{Cri}.registry]\n{Set}[{Cri}.containerd]\ndiscard_unpacked_layers = false\n{Runtimes}"),
        new("list", $"[{Cri}.registry]\n{List}", is2 ? ["ConfigPathList"] : []),
        new("list that ends with a colon", $"[{Cri}.registry]\nconfig_path = \"{{D}}:\"\n", is2 ? ["ConfigPathList"] : []),
        new("list behind another", $"[{Cri}.registry]\nconfig_path = \"/none:{{D}}\"\n", is2 ? ["ConfigPathList"] : []),
        new("list, layers discarded", $"[{Cri}.registry]\n{List}[{Cri}.containerd]\ndiscard_unpacked_layers = true\n{Runtimes}", is2 ? ["LayersDiscarded", "ConfigPathList"] : ["LayersDiscarded"]) { Discards = true, ReachesStill = true },
        new("drop-in", "imports = [\"{C}/*.toml\"]\n") { DropIn = $"version = 2\n[{Cri}.registry]\n{Set}" },
        new("drop-in that nobody imports", "", "ConfigPathUnset") { DropIn = $"version = 2\n[{Cri}.registry]\n{Set}" },
        new("drop-in with another setting", $"imports = [\"{{C}}/*.toml\"]\n[{Cri}.registry]\n{Set}", is2 ? [] : ["VersionMixing"]) { DropIn = $"version = 2\n[{Cri}]\nmax_container_log_line_size = 4096\n" },
        new("legacy mirrors", $"[{Cri}.registry.mirrors.\"docker.io\"]\n{Mirror}", "LegacyMirrors"),
        new("legacy mirrors and config_path", $"[{Cri}.registry]\n{Set}[{Cri}.registry.mirrors.\"docker.io\"]\n{Mirror}", "LegacyMirrors") { WithoutCri = true },
        new("legacy TLS and config_path", $"[{Cri}.registry]\n{Set}[{Cri}.registry.configs.\"r.example\".tls]\ninsecure_skip_verify = true\n", is2 ? [] : ["LegacyTls"]) { WithoutCri = !is2 },
        new("legacy auth and config_path", $"[{Cri}.registry]\n{Set}[{Cri}.registry.configs.\"r.example\".auth]\nusername = \"a\"\n"),
        new("no version, version 1's name", $"[plugins.cri.registry]\n{Set}", is2 ? ["VersionMixing"] : []) { Version = 0 },
        new("no version, version 2's name", $"[{Cri}.registry]\n{Set}", "VersionMixing") { Version = 0 },
        new("CRI disabled", $"[{Cri}.registry]\n{Set}", "CriDisabled") { WithoutCri = true, Disabled = ", \"io.containerd.grpc.v1.cri\"" },
        new("isolated", $"[plugins.\"io.containerd.metadata.v1.bolt\"]\ncontent_sharing_policy = \"isolated\"\n[{Cri}.registry]\n{Set}"),
        new("the default hidden", $"[{Cri}.registry]\n{Set}", "DefaultHidden") { ProbeHosts = "" },
        new("referrers", $"[{Cri}.registry]\n{Set}", "ReferrersRefused") { ProbeHosts = "[host.\"http://127.0.0.1:29950\"]\n  capabilities = [\"pull\", \"resolve\", \"referrers\"]\n" },
        new("a hosts.toml that is none", $"[{Cri}.registry]\n{Set}", "HostsFileInvalid") { ProbeHosts = "server = nonsense\n[host.\"http://127.0.0.1:29950\"]\n" },
    ];

    private static IEnumerable<CheckCase> Version2(bool ignoresHigherVersions) =>
    [
        new("a version of the future", $"[{Cri}.registry]\n{Set}", ignoresHigherVersions ? [] : ["ConfigurationInvalid"]) { Version = 3, Refused = !ignoresHigherVersions },
        new("drop-in of version 1", $"imports = [\"{{C}}/*.toml\"]\n[{Cri}.registry]\n{Set}", "VersionMixing") { DropIn = "version = 1\n[plugins.cri]\nmax_container_log_line_size = 4096\n" },
        new("drop-in with version 1's name", $"imports = [\"{{C}}/*.toml\"]\n[{Cri}.registry]\n{Set}", "VersionMixing") { DropIn = "[plugins.cri]\nmax_container_log_line_size = 4096\n", Refused = true },
    ];

    private static IEnumerable<CheckCase> Version3() =>
    [
        new("version 3, single", $"[{Images}.registry]\n{Set}") { Version = 3 },
        new("version 3, list", $"[{Images}.registry]\n{List}", "ConfigPathList") { Version = 3 },
        new("version 3, layers discarded", $"[{Images}]\ndiscard_unpacked_layers = true\n[{Images}.registry]\n{Set}", "LayersDiscarded") { Version = 3, Discards = true, ReachesStill = true },
        new("version 3, list, local pull", $"[{Images}]\nuse_local_image_pull = true\n[{Images}.registry]\n{List}", "ConfigPathList") { Version = 3, ReachesStill = true },
        new("version 3, list, snapshot annotations", $"[{Images}]\ndisable_snapshot_annotations = false\n[{Images}.registry]\n{List}", "ConfigPathList") { Version = 3, ReachesStill = true },
        new("version 3, list, more downloads", $"[{Images}]\nmax_concurrent_downloads = 5\n[{Images}.registry]\n{List}", "ConfigPathList") { Version = 3, ReachesStill = true },
        new("version 3, list, sync", $"[{Images}]\nimage_pull_with_sync_fs = true\n[{Images}.registry]\n{List}", "ConfigPathList") { Version = 3, ReachesStill = true },
        new("version 3, version 2's name", $"[{Cri}.registry]\n{Set}", "VersionMixing") { Version = 3 },
        new("version 2, drop-in of version 3", $"imports = [\"{{C}}/*.toml\"]\n[{Cri}.registry]\n{Set}", "VersionMixing") { DropIn = $"version = 3\n[{Images}]\nmax_concurrent_downloads = 3\n" },
        new("version 3, drop-in of version 2 without runtimes", $"imports = [\"{{C}}/*.toml\"]\n[{Images}]\ndiscard_unpacked_layers = true\n[{Images}.registry]\n{Set}", "LayersDiscarded")
        {
            Version = 3, Discards = true, ReachesStill = true, DropIn = $"version = 2\n[{Cri}.containerd]\ndiscard_unpacked_layers = false\n",
        },
        new("a version of the future", $"[{Images}.registry]\n{Set}", "ConfigurationInvalid") { Version = 4, Refused = true },
    ];
}

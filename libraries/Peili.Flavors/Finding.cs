namespace Peili.Flavors;

/// <summary>What can stand between a node's containerd and the agent. Every flavor has a step for each: its own, or the one that holds everywhere.</summary>
public enum Finding
{
    /// <summary><c>config_path</c> is empty, and so no hosts.toml is read.</summary>
    ConfigPathUnset,

    /// <summary><c>config_path</c> is a colon list, which containerd 2.1 and newer ignore when they pull through the transfer service.</summary>
    ConfigPathList,

    /// <summary><c>discard_unpacked_layers</c> is on: the node reads from peers but has no layers to give.</summary>
    LayersDiscarded,

    /// <summary><c>registry.mirrors</c> is set; together with <c>config_path</c> it keeps the CRI plugin from loading.</summary>
    LegacyMirrors,

    /// <summary><c>registry.configs.*.tls</c> is set, which with <c>config_path</c> keeps the CRI plugin of containerd 1.x from loading.</summary>
    LegacyTls,

    /// <summary>The operating system deletes or replaces directories under certs.d.</summary>
    HostsDirectoryOwned,

    /// <summary><c>config_path</c> is another directory than the one the agent writes.</summary>
    HostsDirectoryElsewhere,

    /// <summary>A registry's own directory, in which the agent is no host, hides <c>_default</c>.</summary>
    DefaultHidden,

    /// <summary>A hosts.toml is not TOML, for which containerd ignores it.</summary>
    HostsFileInvalid,

    /// <summary>A hosts.toml names the capability <c>referrers</c>, for which containerd before 2.2 rejects the whole file.</summary>
    ReferrersRefused,

    /// <summary>A lazy snapshotter (soci, gcfs, overlaybd) keeps layers out of the content store.</summary>
    LazySnapshotter,

    /// <summary>The distribution's own embedded registry mirror is on and writes the same files.</summary>
    EmbeddedRegistry,

    /// <summary>Images are not pulled by containerd.</summary>
    RuntimeNotContainerd,

    /// <summary>The platform admits neither the agent's pod nor a change of containerd's configuration.</summary>
    AgentNotAdmitted,

    /// <summary>containerd does not answer on its socket.</summary>
    ContainerdUnreachable,

    /// <summary>containerd is older than 1.5, which has no <c>config_path</c>.</summary>
    ContainerdTooOld,

    /// <summary>The content store is where the agent cannot see it.</summary>
    ContentPathNotMounted,

    /// <summary><c>content_sharing_policy</c> is isolated: blobs of one namespace are unknown to another.</summary>
    ContentIsolated,

    /// <summary><c>disabled_plugins</c> lists the CRI plugin.</summary>
    CriDisabled,

    /// <summary>The CRI plugin is not disabled and did not load.</summary>
    CriNotLoaded,

    /// <summary>The configuration does not parse, or containerd of this version refuses it.</summary>
    ConfigurationInvalid,

    /// <summary>A drop-in of another configuration version drops or replaces the root file's settings, or keeps containerd 2.3 and newer from starting.</summary>
    VersionMixing,

    /// <summary>The configuration is newer than the running containerd.</summary>
    EditedSinceStart,

    /// <summary>A pull of a made-up name did not reach the agent.</summary>
    ProbeFailed,

    /// <summary>The agent's own listener does not answer on this node.</summary>
    AgentUnreachable,
}

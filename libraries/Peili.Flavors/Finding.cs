namespace Peili.Flavors;

/// <summary>What can stand between a node's containerd and the agent. A flavor file has a step for each that can occur on it.</summary>
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

    /// <summary>The operating system deletes or replaces directories under certs.d.</summary>
    HostsDirectoryOwned,

    /// <summary>A lazy snapshotter (soci, gcfs, overlaybd) keeps layers out of the content store.</summary>
    LazySnapshotter,

    /// <summary>The distribution's own embedded registry mirror is on and writes the same files.</summary>
    EmbeddedRegistry,

    /// <summary>Images are not pulled by containerd.</summary>
    RuntimeNotContainerd,

    /// <summary>The platform admits neither the agent's pod nor a change of containerd's configuration.</summary>
    AgentNotAdmitted,
}

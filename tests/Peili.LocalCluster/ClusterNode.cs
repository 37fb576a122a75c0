using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Upstream;

namespace Peili.LocalCluster;

/// <summary>A node: a machine with its own containerd, and an agent once that is started.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private ClusterNode(Machine machine, NodeContainerd containerd, string directory, Func<IReadOnlyList<string>> everyPeer)
    {
        Machine = machine;
        Containerd = containerd;
        Directory = directory;
        Agent = new AgentProcess(this, everyPeer);
    }

    /// <summary>Its name: node1, node2, ...</summary>
    public string Name => Machine.Name;

    /// <summary>Everything it writes is below this directory.</summary>
    public string Directory { get; }

    /// <summary>Its namespaces and its link.</summary>
    public Machine Machine { get; }

    /// <summary>Its containerd, which runs.</summary>
    public NodeContainerd Containerd { get; }

    /// <summary>Its agent, not started yet.</summary>
    public AgentProcess Agent { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Containerd.DisposeAsync();
        await Machine.DisposeAsync();
    }

    internal static async Task<ClusterNode> StartAsync(
        Machine machine, string directory, ContainerdPaths paths, NodeOptions options, Func<IReadOnlyList<string>> everyPeer, CancellationToken cancellationToken)
    {
        var containerd = await NodeContainerd.StartAsync(machine, paths, options.Containerd, options.Settings, cancellationToken);
        await WriteHostsAsync(containerd.HostsDirectory, cancellationToken);
        return new ClusterNode(machine, containerd, directory, everyPeer);
    }

    // The upstream speaks plain HTTP, which containerd must be told. Containerd 1.x ignores a file without any host table.
    private static async Task WriteHostsAsync(string hostsDirectory, CancellationToken cancellationToken)
    {
        var directory = System.IO.Directory.CreateDirectory(Path.Combine(hostsDirectory, UpstreamRegistry.Host));
        await File.WriteAllTextAsync(
            Path.Combine(directory.FullName, "hosts.toml"), $"server = \"http://{UpstreamRegistry.Host}\"\n\n[host]\n", cancellationToken);
    }
}

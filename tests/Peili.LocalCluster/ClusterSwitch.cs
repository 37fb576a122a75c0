using System.Diagnostics;
using System.Globalization;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster;

/// <summary>
/// The outermost namespaces of a cluster, network and PID, with the bridge that joins its machines, and the keeper that ends it all.
/// Every process of the cluster lives in this PID namespace, whose first process does nothing but wait for the end of a pipe that
/// the owner holds. When the owner closes it, or dies by whatever means, the kernel kills every process of the cluster; with them go
/// all namespaces, links and mounts, none of which has a name outside; and the keeper, which waits for that, removes the directory.
/// </summary>
internal sealed class ClusterSwitch : IAsyncDisposable
{
    private const string Keeper =
        $"""
        trap '' HUP INT TERM
        unshare --fork --kill-child --pid --net -- sh -c '
            ip link add br0 type bridge mcast_snooping 0 && ip link set br0 up && echo up && exec cat >/dev/null'
        {ClusterDirectory.Remove}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _keeper;
    private int _links;

    private ClusterSwitch(Process keeper, int initProcessId)
    {
        _keeper = keeper;
        InitProcessId = initProcessId;
    }

    /// <summary>The first process of the cluster's PID namespace, by its number outside.</summary>
    internal int InitProcessId { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync().WaitAsync(Patience);
        _keeper.Dispose();
    }

    /// <summary>Makes the namespaces and the bridge.</summary>
    /// <exception cref="InvalidOperationException">The kernel refused; the message has what it said.</exception>
    internal static async Task<ClusterSwitch> StartAsync(ClusterDirectory directory, CancellationToken cancellationToken)
    {
        var start = Tools.Prepare("sh", ["-c", Keeper, "peili-keeper", directory.Path]);
        var keeper = Process.Start(start) ?? throw new InvalidOperationException("the keeper did not start");
        var answer = await keeper.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken);
        if (answer != "up"
            || ProcessTree.FirstChildOf(keeper.Id) is not { } unshare
            || ProcessTree.FirstChildOf(unshare) is not { } init)
        {
            throw new InvalidOperationException(
                $"no namespaces for a cluster: {await keeper.StandardError.ReadToEndAsync(cancellationToken)}");
        }

        return new ClusterSwitch(keeper, init);
    }

    /// <summary>Lays a cable between the bridge and the network namespace of a process, where it is called eth0. Returns the bridge's end.</summary>
    internal async Task<string> ConnectAsync(int processId, CancellationToken cancellationToken)
    {
        var port = string.Create(CultureInfo.InvariantCulture, $"port{Interlocked.Increment(ref _links)}");
        await RunAsync(
            "ip",
            ["-batch", "-"],
            $"""
             link add {port} type veth peer name eth0 netns {processId}
             link set {port} master br0 up

             """,
            cancellationToken);
        return port;
    }

    /// <summary>Runs a tool of iproute2 in the bridge's network namespace.</summary>
    internal async Task RunAsync(string tool, string[] arguments, string input, CancellationToken cancellationToken)
    {
        var network = $"--net=/proc/{InitProcessId}/ns/net";
        var result = await Command.RunAsync("nsenter", [network, "--", Tools.Find(tool), .. arguments], input, cancellationToken);
        result.OutputOrThrow($"{tool} {string.Join(' ', arguments)}");
    }
}

using System.Globalization;
using System.Text.Json;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Upstream;

namespace Peili.LocalCluster;

/// <summary>
/// A real cluster on this machine: nodes with a real containerd each, a real registry upstream, joined by a network that exists
/// nowhere else. Nothing of it is visible outside its namespaces but its directory, and nothing outlives this process.
/// </summary>
/// <example>
/// <code>
/// await using var cluster = await Cluster.StartAsync(new ClusterOptions { Nodes = 3 });
/// var image = await cluster.PublishAsync(ImageRecipe.OneLayer(seed: 1, 200_000_000), "team/app", "v1");
/// var pull = await cluster.Nodes[0].Containerd.PullAsync(image.ByTag);
/// </code>
/// </example>
public sealed class Cluster : IAsyncDisposable
{
    private const int UpstreamNumber = 1;

    private readonly ClusterDirectory _directory;
    private readonly ClusterSwitch _cables;
    private readonly HostTable _hosts;
    private readonly Lock _changing = new();
    private IReadOnlyList<ClusterNode> _nodes = [];
    private int _lastNumber = UpstreamNumber;
    private int _lastImage;
    private int _disposed;

    private Cluster(ClusterDirectory directory, ClusterSwitch cables, HostTable hosts, UpstreamRegistry upstream)
    {
        _directory = directory;
        _cables = cables;
        _hosts = hosts;
        Upstream = upstream;
    }

    /// <summary>A short random name.</summary>
    public string Id => _directory.Id;

    /// <summary>Everything the cluster writes is below this directory; tests may put files there, too. It goes with the cluster.</summary>
    public string Directory => _directory.Path;

    /// <summary>The registry that images come from.</summary>
    public UpstreamRegistry Upstream { get; }

    /// <summary>The nodes, in the order they were added.</summary>
    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    /// <summary>Says in one line why no cluster with these containerd versions can run here, or null. Tests are skipped with it.</summary>
    public static string? WhyNot(params ReadOnlySpan<ContainerdRelease> releases)
    {
        var reason = Prerequisites.WhyNot;
        foreach (var release in releases)
        {
            reason ??= ContainerdInstallation.WhyNot(release);
        }

        return reason;
    }

    /// <summary>Starts a cluster, after removing what clusters of dead processes left.</summary>
    /// <exception cref="InvalidOperationException">Something did not start; the message has what it said.</exception>
    public static async Task<Cluster> StartAsync(ClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ClusterOptions();
        await ClusterDirectory.SweepAsync(cancellationToken);
        var directory = ClusterDirectory.Create();
        ClusterSwitch? cables = null;
        try
        {
            var hosts = new HostTable(Path.Combine(directory.Path, "hosts"), new ClusterAddresses(options.IPv6));
            cables = await ClusterSwitch.StartAsync(directory, cancellationToken);
            var machine = await Machine.StartAsync(UpstreamRegistry.MachineName, UpstreamNumber, hosts, cables, cancellationToken);
            var upstream = await UpstreamRegistry.StartAsync(machine, Path.Combine(directory.Path, "upstream"), cancellationToken);
            var cluster = new Cluster(directory, cables, hosts, upstream);
            await Task.WhenAll(Enumerable.Range(0, options.Nodes).Select(_ => cluster.AddNodeAsync(options.Node, cancellationToken)));
            return cluster;
        }
        catch
        {
            await (cables?.DisposeAsync() ?? ValueTask.CompletedTask);
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Adds a node. It knows every machine by name, and every machine knows it.</summary>
    public Task<ClusterNode> AddNodeAsync(NodeOptions? options = null, CancellationToken cancellationToken = default) =>
        AddNodeAsync(options ?? new NodeOptions(), (_, directory) => Task.FromResult(ContainerdPaths.Below(directory)), cancellationToken);

    /// <summary>Adds a node whose machine is prepared before its containerd starts.</summary>
    /// <param name="options">What it runs.</param>
    /// <param name="prepareAsync">Is given the machine and the node's folder; says where containerd has its files.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    internal async Task<ClusterNode> AddNodeAsync(
        NodeOptions options, Func<Machine, string, Task<ContainerdPaths>> prepareAsync, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        var machine = await StartMachineAsync(
            string.Create(CultureInfo.InvariantCulture, $"node{number - UpstreamNumber}"), number, cancellationToken);
        var directory = System.IO.Directory.CreateDirectory(Path.Combine(Directory, machine.Name)).FullName;
        var node = await ClusterNode.StartAsync(
            machine, directory, await prepareAsync(machine, directory), options, EveryPeer, cancellationToken);
        lock (_changing)
        {
            _nodes = [.. _nodes.Append(node).OrderBy(other => other.Name.Length).ThenBy(other => other.Name, StringComparer.Ordinal)];
        }

        return node;
    }

    /// <summary>The /etc/hosts of every machine.</summary>
    internal string HostsFile => _hosts.File;

    /// <summary>Adds a machine that is no node.</summary>
    internal Task<Machine> StartMachineAsync(string name, int number, CancellationToken cancellationToken) =>
        Machine.StartAsync(name, number, _hosts, _cables, cancellationToken);

    /// <summary>Pulls the plug of a node, which is none of the cluster's any more. Its folder stays.</summary>
    internal async Task RemoveNodeAsync(ClusterNode node)
    {
        lock (_changing)
        {
            _nodes = [.. _nodes.Where(other => other != node)];
        }

        await node.DisposeAsync();
    }

    /// <summary>Makes an image in the cluster's directory.</summary>
    public Task<BuiltImage> BuildAsync(ImageRecipe recipe, CancellationToken cancellationToken = default)
    {
        var number = Interlocked.Increment(ref _lastImage);
        var directory = Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"image{number}"));
        return ImageBuilder.BuildAsync(recipe, directory, cancellationToken);
    }

    /// <summary>Makes an image and puts it into the upstream registry.</summary>
    public async Task<PushedImage> PublishAsync(
        ImageRecipe recipe, string repository, string tag, CancellationToken cancellationToken = default) =>
        await Upstream.PushAsync(await BuildAsync(recipe, cancellationToken), repository, tag, cancellationToken);

    /// <summary>
    /// Waits until every agent that runs sees every other one as a ready member. One whose datagrams are late on a busy machine may count as
    /// UdpBlocked for some seconds; that keeps nobody from its blobs.
    /// </summary>
    /// <exception cref="TimeoutException">It did not come to that; the message has what they wrote.</exception>
    public Task WaitJoinedAsync(CancellationToken cancellationToken = default)
    {
        var running = Nodes.Where(node => node.Agent.IsRunning).ToArray();
        return WaitAsync(
            async () => string.Join(' ', (await Task.WhenAll(running.Select(node => FindUnseenAsync(node, running, cancellationToken)))).SelectMany(unseen => unseen)),
            "every agent sees every other one",
            cancellationToken);
    }

    /// <summary>Waits until every agent that runs finds every blob of the image at the holder: the news of a pull may be a moment behind the pull.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message has what they wrote.</exception>
    public Task WaitAnnouncedAsync(ClusterNode holder, BuiltImage image, CancellationToken cancellationToken = default) =>
        WaitAnnouncedAsync(holder, image, [.. Nodes.Where(node => node.Agent.IsRunning && node != holder)], cancellationToken);

    /// <summary>The same, for some agents only: in a large cluster each of them asks all the others.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message has what they wrote.</exception>
    public Task WaitAnnouncedAsync(ClusterNode holder, BuiltImage image, IReadOnlyList<ClusterNode> others, CancellationToken cancellationToken)
    {
        return WaitAsync(
            async () => string.Join(' ', (await Task.WhenAll(others.SelectMany(node => image.Blobs.Select(blob => FindAsync(node, blob.Digest, holder, cancellationToken))))).OfType<string>()),
            $"{holder.Name} is known to hold the image",
            cancellationToken);
    }

    /// <summary>What every containerd and agent wrote last, for the message of a failed test.</summary>
    public string ReadLogs() =>
        string.Join(
            '\n',
            Nodes.Select(node => $"--- {node.Name}: containerd\n{node.Containerd.Log}\n--- {node.Name}: agent\n{node.Agent.Log}"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        try
        {
            await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
            await Upstream.DisposeAsync();
        }
        finally
        {
            await _cables.DisposeAsync();
            _directory.Dispose();
        }
    }

    private static async Task<IEnumerable<string>> FindUnseenAsync(ClusterNode node, IEnumerable<ClusterNode> others, CancellationToken cancellationToken)
    {
        JsonElement status;
        try
        {
            status = await node.Agent.ReadAsync("/status", cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return [$"{node.Name}({exception.Message})"];
        }

        var members = status.GetProperty("overlay").GetProperty("members").EnumerateArray()
            .ToDictionary(
                member => member.GetProperty("name").GetString()!,
                member => $"{member.GetProperty("state").GetString()} {member.GetProperty("status").GetString()} {member.GetProperty("condition").GetString()}".TrimEnd(),
                StringComparer.Ordinal);
        return others.Where(other => other != node && members.GetValueOrDefault(other.Name) is not ("alive ready" or "alive ready UdpBlocked"))
            .Select(other => $"{node.Name}->{other.Name}({members.GetValueOrDefault(other.Name) ?? "unknown"})");
    }

    private static async Task<string?> FindAsync(ClusterNode node, string digest, ClusterNode holder, CancellationToken cancellationToken) =>
        (await node.Agent.ReadAsync($"/locate?ref={digest}", cancellationToken)).GetProperty("holders").EnumerateArray()
            .Any(found => found.GetProperty("node").GetString() == holder.Name && found.GetProperty("announced").GetBoolean())
            ? null
            : $"{node.Name}:{digest}";

    /// <param name="findMissing">What there still is to wait for, for the message; empty when it is over.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private async Task WaitAsync(Func<Task<string>> findMissing, string what, CancellationToken cancellationToken)
    {
        var missing = "";
        var patience = TimeSpan.FromSeconds(60 + (5 * Nodes.Count));
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(patience);
        try
        {
            while ((missing = await findMissing()).Length > 0)
            {
                // Asking is work too, for as many agents as there are.
                await Task.Delay(TimeSpan.FromMilliseconds(50 + (20 * Nodes.Count)), bound.Token);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"not within {patience}: {what}; missing: {missing}\n{ReadLogs()}", exception);
        }
    }

    private IReadOnlyList<string> EveryPeer() => [.. _nodes.Select(node => node.Agent.AdvertisedEndpoint.ToString())];
}

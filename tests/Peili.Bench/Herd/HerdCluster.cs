using System.Diagnostics;
using System.Globalization;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Upstream;

namespace Peili.Bench.Herd;

/// <summary>
/// Nodes that all want one image: their links are capped, upstream's more so. An image whose repository begins with <see cref="Direct"/> is
/// none of the agents' business, so that pulls with and without them can alternate.
/// </summary>
internal sealed class HerdCluster : IAsyncDisposable
{
    /// <summary>The image's layers.</summary>
    public const int Layers = 4;

    /// <summary>Bytes of each of them.</summary>
    public const long LayerSize = 50_000_000;

    private const string Direct = "direct";
    private const string Mirrored = "mirrored";
    private const long UpstreamBits = 100_000_000;
    private const long LinkBits = 1_000_000_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PullPatience = TimeSpan.FromMinutes(10);

    private readonly Cluster _cluster;
    private int _images;

    private HerdCluster(Cluster cluster) => _cluster = cluster;

    public IReadOnlyList<ClusterNode> Nodes => _cluster.Nodes;

    public UpstreamRegistry Upstream => _cluster.Upstream;

    /// <summary>Starts the nodes, with agents that have met.</summary>
    public static async Task<HerdCluster> StartAsync(int nodes, ContainerdRelease release, CancellationToken cancellationToken)
    {
        var cluster = await Cluster.StartAsync(new ClusterOptions { Nodes = nodes, Node = new NodeOptions { Containerd = release } }, cancellationToken);
        try
        {
            await cluster.Upstream.Machine.LimitSendingAsync(UpstreamBits, cancellationToken);
            foreach (var node in cluster.Nodes)
            {
                await node.Machine.LimitSendingAsync(LinkBits, cancellationToken);
                await node.Machine.LimitReceivingAsync(LinkBits, cancellationToken);
            }

            await Task.WhenAll(cluster.Nodes.Select(node => node.Agent.StartAsync(new AgentOptions { ExtraArguments = ["--filter", $"/{Direct}/"] }, cancellationToken)));
            await cluster.WaitJoinedAsync(cancellationToken);
            return new HerdCluster(cluster);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has nodes pull an image that nobody has.</summary>
    /// <param name="nodes">Which.</param>
    /// <param name="withAgents">Whether the agents take part.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HerdPull> PullAsync(IReadOnlyList<ClusterNode> nodes, bool withAgents, CancellationToken cancellationToken)
    {
        var image = await PublishAsync(withAgents, cancellationToken);
        var pull = await PullAsync(image, nodes, cancellationToken);
        await RemoveAsync(image, cancellationToken);
        return pull;
    }

    /// <summary>Makes an image that nobody has.</summary>
    public Task<PushedImage> PublishAsync(bool withAgents, CancellationToken cancellationToken)
    {
        var number = ++_images;
        var recipe = new ImageRecipe { Seed = 1000 + number, Layers = [.. Enumerable.Repeat(new LayerRecipe(LayerSize), Layers)] };
        return _cluster.PublishAsync(recipe, string.Create(CultureInfo.InvariantCulture, $"{(withAgents ? Mirrored : Direct)}/image{number}"), "v1", cancellationToken);
    }

    /// <summary>Has nodes pull it at once.</summary>
    public async Task<HerdPull> PullAsync(PushedImage image, IReadOnlyList<ClusterNode> nodes, CancellationToken cancellationToken)
    {
        await _cluster.Upstream.ForgetRequestsAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var pulling = nodes.Select(node => node.Containerd.PullAsync(image.ByTag, PullPatience, cancellationToken)).ToArray();
        var committed = WaitCommittedAsync(image, nodes, start, cancellationToken);
        var timeline = new HerdTimeline(image, nodes);
        var following = timeline.FollowAsync(Task.WhenAll(pulling), cancellationToken);
        var pulls = await Task.WhenAll(pulling);
        var unpacked = Stopwatch.GetElapsedTime(start);
        await following;
        if (Array.FindIndex(pulls, pull => !pull.Succeeded) is var failed and >= 0)
        {
            throw new InvalidOperationException($"{nodes[failed].Name} could not pull {image.ByTag}: {pulls[failed].Error}\n{_cluster.ReadLogs()}");
        }

        var requests = await _cluster.Upstream.ReadRequestsAsync(cancellationToken);
        return new HerdPull(
            await committed,
            unpacked,
            requests.Where(request => request.Method == "GET").Sum(request => request.BodyBytes),
            image.Image.Blobs.Sum(blob => blob.Size),
            requests.Count(request => request.Method == "GET" && request.Target.Contains("/manifests/", StringComparison.Ordinal)),
            [.. pulls.Select(pull => pull.Elapsed)],
            timeline.Samples);
    }

    /// <summary>What upstream sent since its requests were last forgotten, of the size of an image.</summary>
    public async Task<double> ReadUpstreamRatioAsync(PushedImage image, CancellationToken cancellationToken) =>
        (await Upstream.ReadRequestsAsync(cancellationToken)).Where(request => request.Method == "GET").Sum(request => request.BodyBytes)
        / (double)image.Image.Blobs.Sum(blob => blob.Size);

    /// <summary>Until the agents know each other, again.</summary>
    public Task WaitJoinedAsync(CancellationToken cancellationToken) => _cluster.WaitJoinedAsync(cancellationToken);

    /// <summary>Frees the disk.</summary>
    public async Task RemoveAsync(PushedImage image, CancellationToken cancellationToken) =>
        await Task.WhenAll(Nodes.Select(node => node.Containerd.RemoveImageAsync(image.ByTag, cancellationToken)));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static async Task<TimeSpan> WaitCommittedAsync(PushedImage image, IReadOnlyList<ClusterNode> nodes, long start, CancellationToken cancellationToken)
    {
        while (!nodes.All(node => image.Image.Blobs.All(node.Containerd.Content.Has)) && Stopwatch.GetElapsedTime(start) < PullPatience)
        {
            await Task.Delay(LookEvery, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(start);
    }
}

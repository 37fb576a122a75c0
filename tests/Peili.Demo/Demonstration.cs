using System.Globalization;
using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>The demonstration: who pulls what when, what is counted meanwhile, and whether all of it was as promised.</summary>
internal sealed class Demonstration
{
    private const long Mebibyte = 1024 * 1024;
    private static readonly TimeSpan PullTimeout = TimeSpan.FromSeconds(60);

    private static readonly ImageRecipe Recipe = new()
    {
        Seed = 20,
        Layers =
        [
            new LayerRecipe(56 * Mebibyte),
            new LayerRecipe(32 * Mebibyte),
            new LayerRecipe(20 * Mebibyte),
            new LayerRecipe(8 * Mebibyte) { Gzip = true },
            new LayerRecipe(Mebibyte / 2) { Gzip = true },
        ],
    };

    private readonly Cluster _cluster;
    private readonly PushedImage _image;
    private readonly Screen _screen;
    private readonly List<Pull> _pulls = [];
    private readonly List<string> _failures = [];
    private readonly List<string> _wrongBytes = [];
    private bool _upstreamIsOn = true;

    private Demonstration(Cluster cluster, PushedImage image, Screen screen)
    {
        _cluster = cluster;
        _image = image;
        _screen = screen;
    }

    private long ImageBytes => _image.Image.Blobs.Sum(blob => blob.Size);

    /// <summary>Runs it from the start to the end. Returns whether every promise was kept.</summary>
    /// <param name="release">What the nodes run.</param>
    /// <param name="keep">Whether to leave the nodes running until somebody says that it is enough.</param>
    /// <param name="screen">Where to tell it.</param>
    /// <param name="cancellationToken">Ends it at once; nothing is left behind.</param>
    public static async Task<bool> RunAsync(ContainerdRelease release, bool keep, Screen screen, CancellationToken cancellationToken)
    {
        screen.Step("starting three nodes and an upstream registry, in network namespaces of their own");
        var options = new ClusterOptions { Nodes = 3, Node = new NodeOptions { Containerd = release } };
        await using var cluster = await Cluster.StartAsync(options, cancellationToken);
        var version = await ReadVersionAsync(cluster.Nodes[0], cancellationToken);
        foreach (var node in cluster.Nodes)
        {
            var took = await node.Agent.StartAsync(cancellationToken: cancellationToken);
            screen.Step(string.Create(
                CultureInfo.InvariantCulture,
                $"{node.Name} ({node.Machine.Address}): containerd {version}, agent ready in {took.TotalMilliseconds:0} ms"));
        }

        screen.Step("making an image and pushing it to upstream");
        var image = await cluster.PublishAsync(Recipe, "demo/shop", "1.0", cancellationToken);
        var kept = await new Demonstration(cluster, image, screen).RunAsync(cancellationToken);
        if (keep)
        {
            await LookAround.RunAsync(cluster, image, screen, cancellationToken);
        }

        return kept;
    }

    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var (first, second, third) = (_cluster.Nodes[0], _cluster.Nodes[1], _cluster.Nodes[2]);
        _screen.Step(string.Create(
            CultureInfo.InvariantCulture,
            $"{_image.Repository}:{_image.Tag} has {_image.Image.Layers.Count} layers, {ImageBytes / 1e6:0.0} MB; its digest is\n{_image.Image.Root.Digest}"));
        await PullAsync(first, _image.ByTag, cancellationToken);
        await _cluster.WaitAnnouncedAsync(first, _image.Image, cancellationToken);

        await _cluster.Upstream.StopAsync();
        _upstreamIsOn = false;
        _screen.Step("upstream is switched off");
        await _cluster.Upstream.ForgetRequestsAsync(cancellationToken);

        await PullAsync(second, _image.ByTag, cancellationToken);
        await PullAsync(third, _image.ByDigest, cancellationToken);
        _screen.Step($"{second.Name} and {third.Name} remove the image, to pull it the other way round");
        await second.Containerd.RemoveImageAsync(_image.ByTag, cancellationToken);
        await third.Containerd.RemoveImageAsync(_image.ByDigest, cancellationToken);
        await PullAsync(second, _image.ByDigest, cancellationToken);
        await PullAsync(third, _image.ByTag, cancellationToken);

        PullTable.Show(_screen, _pulls);
        return await CheckAsync(cancellationToken);
    }

    private async Task PullAsync(ClusterNode node, string reference, CancellationToken cancellationToken)
    {
        var how = Pull.HowOf(reference);
        _screen.Step($"{node.Name} pulls it {how}");
        var before = await ReadTotalsAsync(cancellationToken);
        var result = await node.Containerd.PullAsync(reference, PullTimeout, cancellationToken);
        if (result.Error is { } error)
        {
            _failures.Add($"{node.Name} {how}: {error.ReplaceLineEndings(" ")}");
        }

        var after = await ReadTotalsAsync(cancellationToken);
        var requests = await _cluster.Upstream.ReadRequestsAsync(cancellationToken);
        _pulls.Add(new Pull(
            node.Name,
            reference,
            _upstreamIsOn,
            requests.Where(request => request.Client.Equals(node.Machine.Address)).Sum(request => request.BodyBytes),
            after[node.Name].FromPeers - before[node.Name].FromPeers,
            after.ToDictionary(pair => pair.Key, pair => pair.Value.ToPeers - before[pair.Key].ToPeers)
                .Where(pair => pair.Value > 0)
                .ToDictionary(),
            result.Elapsed));
        var problems = await node.Containerd.Content.FindProblemsAsync(_image.Image.Blobs, cancellationToken);
        _wrongBytes.AddRange(problems.Select(problem => $"{node.Name} {how}: {problem}"));
    }

    private async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        var promises = new Promises(_screen);
        var late = await _cluster.Upstream.ReadRequestsAsync(cancellationToken);
        var fromPeers = _pulls.Where(pull => !pull.UpstreamIsOn).ToList();
        promises.Check($"all {_pulls.Count} pulls succeeded, {fromPeers.Count} of them without upstream", _failures);
        promises.Check(
            $"after every pull, all {_image.Image.Blobs.Count} blobs in the node's store had the bytes their digests say", _wrongBytes);
        promises.Check("the first pull came from upstream, whole", WrongSums(_pulls.Where(pull => pull.UpstreamIsOn), pull => pull.FromUpstream));
        promises.Check("peers sent the others what they pulled, whole", WrongSums(fromPeers, pull => pull.Senders.Values.Sum()));
        promises.Check(
            "upstream saw no request after it was switched off",
            [.. late.Select(request => $"{request.Method} {request.Target} from {request.Client}")]);
        return promises.AllKept;
    }

    private List<string> WrongSums(IEnumerable<Pull> pulls, Func<Pull, long> bytes) =>
        [.. pulls.Where(pull => bytes(pull) < ImageBytes).Select(pull => $"{pull.Node} {pull.How}: {bytes(pull)} of {ImageBytes} bytes")];

    private async Task<Dictionary<string, AgentTotals>> ReadTotalsAsync(CancellationToken cancellationToken)
    {
        var totals = new Dictionary<string, AgentTotals>();
        foreach (var node in _cluster.Nodes)
        {
            totals.Add(node.Name, await AgentTotals.ReadAsync(node, cancellationToken));
        }

        return totals;
    }

    // "Server:", then "  Version:  1.6.20~ds1"
    private static async Task<string> ReadVersionAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        var result = await node.Containerd.RunCtrAsync(["version"], cancellationToken);
        var server = result.OutputOrThrow("ctr version").Split("Server:")[^1];
        return server.Split('\n').First(line => line.Contains("Version:", StringComparison.Ordinal)).Split(':')[^1].Trim();
    }
}

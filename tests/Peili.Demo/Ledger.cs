using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;

namespace Peili.Demo;

/// <summary>The pulls of a demonstration: what each moved, by upstream's access log and the agents' own counts, and whether that is as promised.</summary>
internal sealed class Ledger(Cluster cluster)
{
    private readonly List<Pull> _pulls = [];
    private readonly List<string> _failures = [];
    private readonly List<string> _wrongBytes = [];
    private bool _upstreamIsOn = true;

    /// <summary>In the order in which they were.</summary>
    public IReadOnlyList<Pull> Pulls => _pulls;

    /// <summary>Switches the upstream registry off, for good.</summary>
    public async Task SwitchUpstreamOffAsync(CancellationToken cancellationToken)
    {
        await cluster.Upstream.StopAsync();
        _upstreamIsOn = false;
        await cluster.Upstream.ForgetRequestsAsync(cancellationToken);
    }

    /// <summary>Has a pull made, and enters it. One that fails is entered, too; nobody else may pull meanwhile.</summary>
    /// <param name="node">Who pulls.</param>
    /// <param name="image">What, none of which the node has.</param>
    /// <param name="reference">How it is asked for.</param>
    /// <param name="pullAsync">Makes the pull.</param>
    /// <param name="cancellationToken">Gives up counting.</param>
    public async Task PullAsync(
        ClusterNode node, PushedImage image, string reference, Func<Task<PullResult>> pullAsync, CancellationToken cancellationToken)
    {
        var (requests, totals) = ((await cluster.Upstream.ReadRequestsAsync(cancellationToken)).Count, await ReadTotalsAsync(cancellationToken));
        var result = await pullAsync();
        var after = await ReadTotalsAsync(cancellationToken);
        var pull = new Pull(
            node.Name,
            reference,
            image.Image.Blobs.Sum(blob => blob.Size),
            _upstreamIsOn,
            (await cluster.Upstream.ReadRequestsAsync(cancellationToken)).Skip(requests)
                .Where(request => request.Client.Equals(node.Machine.Address))
                .Sum(request => request.BodyBytes),
            after[node.Name].FromPeers - totals[node.Name].FromPeers,
            after.ToDictionary(pair => pair.Key, pair => pair.Value.ToPeers - totals[pair.Key].ToPeers)
                .Where(pair => pair.Value > 0)
                .ToDictionary(),
            result.Elapsed);
        _pulls.Add(pull);
        if (result.Error is { } error)
        {
            _failures.Add($"{node.Name} {pull.How}: {error.ReplaceLineEndings(" ")}");
        }

        var problems = await node.Containerd.Content.FindProblemsAsync(image.Image.Blobs, cancellationToken);
        _wrongBytes.AddRange(problems.Select(problem => $"{node.Name} {pull.How}: {problem}"));
    }

    /// <summary>Says for all pulls so far whether they were as promised.</summary>
    public async Task CheckAsync(Promises promises, CancellationToken cancellationToken)
    {
        var late = await cluster.Upstream.ReadRequestsAsync(cancellationToken);
        var fromPeers = _pulls.Where(pull => !pull.UpstreamIsOn).ToList();
        promises.Check($"all {_pulls.Count} pulls succeeded, {fromPeers.Count} of them without upstream", _failures);
        promises.Check("after every pull, the node's store had every blob, with the bytes that its digest says", _wrongBytes);
        promises.Check(
            "what was pulled while upstream was on came from there, whole", WrongSums(_pulls.Where(pull => pull.UpstreamIsOn), pull => pull.FromUpstream));
        promises.Check("peers sent the others what they pulled, whole", WrongSums(fromPeers, pull => pull.Senders.Values.Sum()));
        promises.Check(
            "upstream saw no request after it was switched off",
            [.. late.Select(request => $"{request.Method} {request.Target} from {request.Client}")]);
    }

    private static List<string> WrongSums(IEnumerable<Pull> pulls, Func<Pull, long> bytes) =>
        [.. pulls.Where(pull => bytes(pull) < pull.ImageBytes).Select(pull => $"{pull.Node} {pull.How}: {bytes(pull)} of {pull.ImageBytes} bytes")];

    private async Task<Dictionary<string, AgentTotals>> ReadTotalsAsync(CancellationToken cancellationToken)
    {
        var totals = new Dictionary<string, AgentTotals>();
        foreach (var node in cluster.Nodes)
        {
            totals.Add(node.Name, await AgentTotals.ReadAsync(node, cancellationToken));
        }

        return totals;
    }
}

using System.Diagnostics;
using Peili.LocalCluster;
using Peili.LocalCluster.Images;

namespace Peili.Bench.Herd;

/// <summary>Looks at nodes while they pull: what is on their disks, and what their agents say came from other nodes.</summary>
internal sealed class HerdTimeline(PushedImage image, IReadOnlyList<ClusterNode> nodes)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly List<HerdSample> _samples = [];

    public IReadOnlyList<HerdSample> Samples => _samples;

    /// <summary>Looks again and again, and once more when <paramref name="pull"/> is over.</summary>
    public async Task FollowAsync(Task pull, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var before = await Task.WhenAll(nodes.Select(node => ReadFromPeersAsync(node, cancellationToken)));
        bool isOver;
        do
        {
            isOver = pull.IsCompleted;
            var fromPeers = await Task.WhenAll(nodes.Select(node => ReadFromPeersAsync(node, cancellationToken)));
            _samples.Add(new HerdSample(Stopwatch.GetElapsedTime(start), [.. nodes.Select((node, at) => (ReadWritten(node), fromPeers[at] - before[at]))]));
            await Task.WhenAny(pull, Task.Delay(Period, cancellationToken));
        }
        while (!isOver);
    }

    private long ReadWritten(ClusterNode node)
    {
        var content = node.Containerd.Content;
        var ingests = content.ReadIngests();
        return image.Image.Blobs.Sum(blob => content.Has(blob)
            ? blob.Size
            : ingests.FirstOrDefault(ingest => ingest.Reference.Contains(blob.Hex, StringComparison.Ordinal))?.Written ?? 0);
    }

    private static async Task<long> ReadFromPeersAsync(ClusterNode node, CancellationToken cancellationToken) =>
        (await node.Agent.ReadAsync("/status", cancellationToken)).GetProperty("transfers").GetProperty("peerBytes").GetInt64();
}

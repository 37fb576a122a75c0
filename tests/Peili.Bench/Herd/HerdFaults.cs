using System.Diagnostics;
using Peili.Bench.Results;
using Peili.LocalCluster;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Processes;
using Peili.Reporting;

namespace Peili.Bench.Herd;

/// <summary>What the herd's pulls take when something breaks in the middle: 1.5 times one node's pull and five seconds more are allowed.</summary>
/// <param name="herd">The nodes.</param>
/// <param name="alone">Seconds of one node's pull without agents.</param>
/// <param name="screen">Told of each.</param>
internal sealed class HerdFaults(HerdCluster herd, double alone, Screen screen)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<IReadOnlyList<Figure>> RunAsync(string key, CancellationToken cancellationToken) =>
    [
        await MeasureAsync($"{key}.origin_killed", "an origin dies, agent and containerd", KillOriginAsync, cancellationToken),
        await MeasureAsync($"{key}.parent_killed", "the agent of a parent dies", KillParentAsync, cancellationToken),
        await MeasureAsync($"{key}.tracker_killed", "the agent of a layer's first tracker dies", KillTrackerAsync, cancellationToken),
        await MeasureAsync($"{key}.refused", "upstream answers 429 from then on", RefuseAsync, cancellationToken),
    ];

    private async Task<Figure> MeasureAsync(string key, string what, Func<PushedImage, CancellationToken, Task<Fault>> breakAsync, CancellationToken cancellationToken)
    {
        var image = await herd.PublishAsync(withAgents: true, cancellationToken);
        await herd.Upstream.ForgetRequestsAsync(cancellationToken);
        var pulls = herd.Nodes.Select(node => node.Containerd.PullAsync(image.ByTag, Patience, cancellationToken)).ToArray();
        await WaitHalfAsync(image, cancellationToken);
        var fault = await breakAsync(image, cancellationToken);
        var results = await Task.WhenAll(pulls);
        await fault.MendAsync(cancellationToken);
        var failed = results.Where((pull, at) => !pull.Succeeded && herd.Nodes[at] != fault.Victim).Select(pull => pull.Error).FirstOrDefault();
        if (failed is not null)
        {
            throw new InvalidOperationException($"{what}: a pull failed: {failed}");
        }

        var longest = results.Where((_, at) => herd.Nodes[at] != fault.Victim).Max(pull => pull.Elapsed.TotalSeconds);
        screen.Line($"{what}: the last pull took {longest:0.0} s, one alone {alone:0.0} s, upstream sent {await herd.ReadUpstreamRatioAsync(image, cancellationToken):0.00} x");
        await herd.RemoveAsync(image, cancellationToken);
        return new Figure($"{key}.late_s", $"{what}: the last pull's time beyond 1.5 x one alone", longest - (1.5 * alone), "s", Target.AtMost(5));
    }

    private async Task<Fault> KillOriginAsync(PushedImage image, CancellationToken cancellationToken)
    {
        var origin = await FindAsync(relay => relay.Origins > 0, cancellationToken);
        await origin.Agent.KillAsync();
        await origin.Containerd.StopAsync(Signal.Kill, cancellationToken);
        return new Fault(origin, async token =>
        {
            await origin.Containerd.StartAsync(token);
            await origin.Agent.StartAsync(cancellationToken: token);
            await herd.WaitJoinedAsync(token);
        });
    }

    private async Task<Fault> KillParentAsync(PushedImage image, CancellationToken cancellationToken) =>
        await KillAgentAsync(await FindAsync(relay => relay is { Origins: 0, Children: > 0 }, cancellationToken));

    private async Task<Fault> KillTrackerAsync(PushedImage image, CancellationToken cancellationToken)
    {
        var located = await herd.Nodes[0].Agent.ReadAsync($"/locate?ref={image.Image.Layers[0].Digest}", cancellationToken);
        var tracker = located.GetProperty("trackers")[0].GetString();
        return await KillAgentAsync(herd.Nodes.Single(node => node.Name == tracker));
    }

    private async Task<Fault> KillAgentAsync(ClusterNode node)
    {
        await node.Agent.KillAsync();
        return new Fault(null, async token =>
        {
            await node.Agent.StartAsync(cancellationToken: token);
            await herd.WaitJoinedAsync(token);
        });
    }

    private Task<Fault> RefuseAsync(PushedImage image, CancellationToken cancellationToken)
    {
        herd.Upstream.Refuse(true);
        return Task.FromResult(new Fault(null, _ =>
        {
            herd.Upstream.Refuse(false);
            return Task.CompletedTask;
        }));
    }

    private async Task<ClusterNode> FindAsync(Predicate<(int Origins, int Children)> predicate, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(LookEvery, cancellationToken))
        {
            foreach (var node in herd.Nodes)
            {
                var relay = (await node.Agent.ReadAsync("/status", cancellationToken)).GetProperty("relay");
                if (predicate((relay.GetProperty("origins").GetInt32(), relay.GetProperty("children").GetInt32())))
                {
                    return node;
                }
            }
        }

        throw new TimeoutException("no agent has the part in the cold start that is looked for");
    }

    /// <summary>Until every node takes part, half of a layer has come, and bytes of each layer: what nobody has begun cannot be had without upstream.</summary>
    private async Task WaitHalfAsync(PushedImage image, CancellationToken cancellationToken)
    {
        bool IsHalf(ClusterNode node) => node.Containerd.Content.ReadIngests().Any(ingest => ingest.Written > HerdCluster.LayerSize / 2);
        bool HasBegun(ClusterNode node) => node.Containerd.Content.ReadIngests().Count > 0 || image.Image.Layers.Any(node.Containerd.Content.Has);
        bool IsComing(BlobDescriptor layer) => herd.Nodes.Any(node => node.Containerd.Content.Has(layer)
            || node.Containerd.Content.ReadIngests().Any(ingest => ingest.Written > 0 && ingest.Reference.Contains(layer.Hex, StringComparison.Ordinal)));
        for (var start = Stopwatch.GetTimestamp();
            !(herd.Nodes.Any(IsHalf) && herd.Nodes.All(HasBegun) && image.Image.Layers.All(IsComing));
            await Task.Delay(LookEvery, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException("no layer came");
            }
        }
    }

    /// <summary>What was broken.</summary>
    /// <param name="Victim">The node whose own pull cannot succeed.</param>
    /// <param name="MendAsync">Puts it right.</param>
    private sealed record Fault(ClusterNode? Victim, Func<CancellationToken, Task> MendAsync);
}

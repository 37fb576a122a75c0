using Peili.LocalCluster;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Security;

namespace Peili.Pulls.Tests;

/// <summary>Thirty nodes with mutual TLS and sealed datagrams: what a cluster goes through in its life, and no pull or lookup fails.</summary>
public sealed class ManyAgentsTests(ThirtyNodes nodes) : ClusterTest(nodes), IClassFixture<ThirtyNodes>
{
    private const int Holders = 6;
    private const int Killed = 10;
    private const int Pulling = 6;
    private const long LargeSize = 60_000_000;
    private const long SlowBitsPerSecond = 4_000_000;

    /// <summary>Longer than the agents take to see that a file has changed.</summary>
    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Ten_agents_killed_at_once_during_pulls_fail_no_pull()
    {
        await PrepareAsync();
        var image = await PrepareImageAsync(40_000_000);

        // Every holder but one is among those that die; who pulls is not.
        var dying = Nodes.Cluster.Nodes.Skip(1).Take(Holders - 1).Concat(Nodes.Cluster.Nodes.TakeLast(Killed - Holders + 1)).ToArray();
        var pulls = Nodes.Cluster.Nodes.Skip(Holders).Take(Pulling)
            .Select(node => node.Containerd.PullAsync(image.ByDigest, Patience, Cancelled)).ToArray();
        await EventuallyAsync(async () => pulls.All(pull => pull.IsCompleted) || await AnyIngestAsync());
        var running = pulls.Count(pull => !pull.IsCompleted);
        await Task.WhenAll(dying.Select(node => node.Agent.KillAsync()));

        var results = await Task.WhenAll(pulls);

        results.ShouldAllBe(result => result.Error == null, Nodes.ReadAgentLogs());
        var late = await Nodes.Cluster.Nodes[Holders + Pulling].Containerd.PullAsync(image.ByDigest, Patience, Cancelled);
        late.Error.ShouldBeNull(Nodes.ReadAgentLogs());
        Report($"{dying.Length} of 30 agents killed while {running} of {Pulling} pulls ran: no pull failed; slowest {results.Max(result => result.Elapsed).TotalSeconds:0.0} s, the next one {late.Elapsed.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Keys_and_authorities_are_rotated_with_no_failed_lookup_and_no_broken_transfer()
    {
        await PrepareAsync();
        var image = await PrepareImageAsync(1_000_000);
        var large = await OneLayerAsync(LargeSize);
        var slow = Nodes.Cluster.Nodes[^1];
        await PullAsync(Nodes.First, large.ByDigest);
        await Nodes.Cluster.WaitAnnouncedAsync(Nodes.First, large.Image, [slow], Cancelled);

        // A transfer that begins before all of it, and by far does not end before the link is freed.
        var resumptions = await MirroredCluster.ReadTotalAsync(slow, "resumptions", Cancelled);
        await slow.Machine.LimitReceivingAsync(SlowBitsPerSecond, Cancelled);
        var pull = slow.Containerd.PullAsync(large.ByDigest, TimeSpan.FromMinutes(3), Cancelled);
        await EventuallyAsync(async () => (await slow.Agent.ReadAsync("/status", Cancelled)).GetProperty("active").GetArrayLength() > 0);
        var (oldKey, newKey) = (Nodes.Key, SecurityFiles.NewKey());
        using var newAuthority = new CertificateAuthority();
        await using var lookups = new Lookups([.. Nodes.Cluster.Nodes.Skip(Holders).SkipLast(1)], image);

        Nodes.Security.WriteKeys(oldKey, newKey);
        await Task.Delay(Seen, Cancelled);
        Nodes.Security.WriteKeys(newKey, oldKey);
        await Task.Delay(Seen, Cancelled);
        Nodes.Security.WriteKeys(newKey);
        await Task.Delay(Seen, Cancelled);
        Nodes.Security.WriteAuthorities(Nodes.Authority.Pem, newAuthority.Pem);
        await Task.Delay(Seen, Cancelled);
        Nodes.Security.WriteCertificate(newAuthority.Issue());
        await Task.Delay(Seen, Cancelled);

        // A start makes new connections: while both authorities are believed, and in the end under the new one alone.
        await RestartAsync(Nodes.Third);
        Nodes.Security.WriteAuthorities(newAuthority.Pem);
        await Task.Delay(Seen, Cancelled);

        await RestartAsync(Nodes.Second);
        var (done, repeated, failed) = await lookups.StopAsync();
        pull.IsCompleted.ShouldBeFalse("the transfer was to outlast the rotation");
        await slow.Machine.LimitReceivingAsync(null, Cancelled);
        (await pull).Error.ShouldBeNull(Nodes.ReadAgentLogs());
        (await MirroredCluster.ReadTotalAsync(slow, "resumptions", Cancelled)).ShouldBe(resumptions);
        Report($"key and CA rotated: {done} lookups, {failed.Count} failed, {repeated} asked twice");
        failed.ShouldBeEmpty(Nodes.ReadAgentLogs());
        repeated.ShouldBeLessThan(Math.Max(10, done / 20));
        done.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Every_agent_is_restarted_in_turn_with_no_failed_lookup()
    {
        await PrepareAsync();
        var image = await PrepareImageAsync(1_000_000);
        await using var lookups = new Lookups([.. Nodes.Cluster.Nodes.Skip(Holders).SkipLast(1)], image);

        foreach (var node in Nodes.Cluster.Nodes)
        {
            await node.Agent.StopAsync(Cancelled);
            await node.Agent.StartAsync(cancellationToken: Cancelled);
        }

        var (done, repeated, failed) = await lookups.StopAsync();
        Report($"30 agents restarted in turn: {done} lookups, {failed.Count} failed, {repeated} asked twice");
        failed.ShouldBeEmpty(Nodes.ReadAgentLogs());
        repeated.ShouldBeLessThan(Math.Max(10, done / 20));
        done.ShouldBeGreaterThan(20);
        await Nodes.Cluster.WaitJoinedAsync(Cancelled);
    }

    private async Task RestartAsync(ClusterNode node)
    {
        await node.Agent.StopAsync(Cancelled);
        await node.Agent.StartAsync(cancellationToken: Cancelled);
        await Nodes.Cluster.WaitJoinedAsync(Cancelled);
    }

    private async Task<PushedImage> PrepareImageAsync(long size)
    {
        var image = await OneLayerAsync(size);
        foreach (var node in Nodes.Cluster.Nodes.Take(Holders))
        {
            await PullAsync(node, image.ByDigest);
        }

        // The news of a pull may be a moment behind the pull.
        await EventuallyAsync(async () => (await Nodes.Cluster.Nodes[^1].Agent.ReadAsync($"/locate?ref={image.Image.Layers[0].Digest}", Cancelled))
            .GetProperty("holders").EnumerateArray().Count(holder => holder.GetProperty("announced").GetBoolean()) == 3);
        return image;
    }

    private Task<bool> AnyIngestAsync() => Task.FromResult(
        Nodes.Cluster.Nodes.Skip(Holders).Take(Pulling).Any(node => node.Containerd.Content.ReadIngests().Any(ingest => ingest.Written > 0)));
}

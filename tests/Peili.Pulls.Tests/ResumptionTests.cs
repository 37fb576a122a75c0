using Peili.LocalCluster;
using Peili.LocalCluster.Images;

namespace Peili.Pulls.Tests;

/// <summary>The serving peer dies in the middle of a 200 MB layer.</summary>
public abstract class ResumptionTests(MirroredCluster nodes) : ClusterTest(nodes)
{
    private const long LayerSize = 200_000_000;

    /// <summary>Slow enough to be interrupted where the test wants, on a machine of any speed.</summary>
    private const long BitsPerSecond = 400_000_000;

    private const long SlowBitsPerSecond = 40_000_000;

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99)]
    public async Task With_another_holder_the_pull_goes_on_from_that_byte_and_upstream_sees_no_request(int percent)
    {
        var image = await PrepareHoldersAsync(2);
        await Nodes.Cluster.Upstream.ForgetRequestsAsync(Cancelled);

        var pull = Nodes.Third.Containerd.PullAsync(image.ByDigest, Patience, Cancelled);
        var killed = await KillServerAtAsync(percent, pull);
        var result = await pull;

        result.Error.ShouldBeNull(Nodes.ReadAgentLogs());
        await ShouldHoldAsync(Nodes.Third, image.Image);
        (await Nodes.Cluster.Upstream.ReadRequestsAsync(Cancelled)).Where(request => request.IsBlobDownload).ShouldBeEmpty(Nodes.ReadAgentLogs());
        (await MirroredCluster.ReadTotalAsync(Nodes.Third, "resumptions", Cancelled)).ShouldBePositive();
        Report($"killed {killed.Name} at {percent} %, with another holder: pulled in {result.Elapsed.TotalSeconds:0.0} s");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99)]
    public async Task Without_another_holder_containerd_resumes_from_upstream(int percent)
    {
        var image = await PrepareHoldersAsync(1);
        await Nodes.Cluster.Upstream.ForgetRequestsAsync(Cancelled);

        var pull = Nodes.Third.Containerd.PullAsync(image.ByDigest, Patience, Cancelled);
        await KillServerAtAsync(percent, pull);
        var result = await pull;

        result.Error.ShouldBeNull(Nodes.ReadAgentLogs());
        await ShouldHoldAsync(Nodes.Third, image.Image);
        var layer = (await Nodes.Cluster.Upstream.ReadRequestsAsync(Cancelled))
            .Where(request => request.IsBlobDownload && request.Target.Contains(image.Image.Layers[0].Hex, StringComparison.Ordinal)).ToArray();
        layer.ShouldNotBeEmpty();
        layer.ShouldAllBe(request => request.Range != null && request.Status == 206);
        layer.Sum(request => request.BodyBytes).ShouldBeLessThan(LayerSize);
        Report($"killed at {percent} %, no other holder: {layer.Sum(request => request.BodyBytes) * 100.0 / LayerSize:0.0} % came from upstream, pulled in {result.Elapsed.TotalSeconds:0.0} s");
    }

    private async Task<PushedImage> PrepareHoldersAsync(int holders)
    {
        await PrepareAsync();
        var image = await OneLayerAsync(LayerSize);
        foreach (var node in Nodes.Cluster.Nodes.Take(holders))
        {
            await PullAndAnnounceAsync(node, image);
            await node.Machine.LimitSendingAsync(BitsPerSecond, Cancelled);

            // What a killed process left in its socket's buffer still arrives; with the usual megabytes that would be the last percent.
            (await node.Machine.RunAsync("sh", ["-c", "echo 4096 65536 262144 > /proc/sys/net/ipv4/tcp_wmem"], Cancelled)).OutputOrThrow("tcp_wmem");
        }

        return image;
    }

    /// <summary>
    /// Waits until the third node's containerd has written so much of the layer, and kills the agent that is sending it. Shortly before, the link
    /// becomes slow: what is left then takes long enough for a test on a busy machine to come in time.
    /// </summary>
    private async Task<ClusterNode> KillServerAtAsync(int percent, Task pull)
    {
        ClusterNode? server = null;
        await EventuallyAsync(async () => (server = await FindServerAsync()) is not null);
        await WaitUntilWrittenAsync(percent - 5, pull);
        await server!.Machine.LimitSendingAsync(SlowBitsPerSecond, Cancelled);
        await WaitUntilWrittenAsync(percent, pull);
        await server.Agent.KillAsync();
        return server;
    }

    private async Task WaitUntilWrittenAsync(int percent, Task pull)
    {
        while (Nodes.Third.Containerd.Content.ReadIngests().Sum(ingest => ingest.Written) < LayerSize * percent / 100)
        {
            pull.IsCompleted.ShouldBeFalse("the pull ended before the serving agent could be killed");
            await Task.Delay(1, Cancelled);
        }
    }

    private async Task<ClusterNode?> FindServerAsync()
    {
        foreach (var node in Nodes.Cluster.Nodes.Take(2).Where(node => node.Agent.IsRunning))
        {
            var active = (await MirroredCluster.ReadStatusAsync(node, Cancelled)).GetProperty("active").EnumerateArray();
            if (active.Any(transfer => transfer.GetProperty("to").GetString() == "peer" && transfer.GetProperty("bytes").GetInt64() > 1_000_000))
            {
                return node;
            }
        }

        return null;
    }
}

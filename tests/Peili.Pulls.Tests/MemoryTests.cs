using System.Net;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;

namespace Peili.Pulls.Tests;

/// <summary>Memory does not grow with the size of blobs.</summary>
public sealed class MemoryTests(Cluster1_6 nodes) : ClusterTest(nodes), IClassFixture<Cluster1_6>
{
    private const int Transfers = 20;
    private const long BlobSize = 1L << 30;
    private const long Target = 128L << 20;

    [Fact]
    public async Task Serving_and_relaying_20_times_1_GiB_stays_under_128_MiB_resident_an_agent()
    {
        await PrepareAsync();
        await Nodes.Second.Agent.StopAsync(Cancelled);
        await Nodes.Second.Agent.StartAsync(Nodes.OptionsOf("--registry-auth", "none"), Cancelled);
        var image = await OneLayerAsync(BlobSize);
        (await Nodes.First.Containerd.PullAsync(image.ByDigest, TimeSpan.FromMinutes(5), Cancelled)).Error.ShouldBeNull();
        await Nodes.Cluster.WaitAnnouncedAsync(Nodes.First, image.Image, Cancelled);
        var layer = image.Image.Layers[0];
        using var client = Nodes.Second.Machine.CreateHttpClient();
        client.Timeout = Timeout.InfiniteTimeSpan;
        var address = new Uri($"http://{AgentProcess.RegistryEndpoint}/v2/{image.Repository}/blobs/{layer.Digest}");

        var transfers = Task.WhenAll(Enumerable.Range(0, Transfers).Select(_ => DownloadAsync(client, address)));
        var (serving, relaying) = await WatchMemoryAsync(transfers);
        var received = await transfers;

        received.ShouldAllBe(bytes => bytes == layer.Size);
        Report($"{Transfers} x 1 GiB: serving agent {serving >> 20} MiB, relaying agent {relaying >> 20} MiB resident at most");
        Math.Max(serving, relaying).ShouldBeLessThan(Target);
    }

    private async Task<(long Serving, long Relaying)> WatchMemoryAsync(Task transfers)
    {
        var (serving, relaying) = (0L, 0L);
        while (!transfers.IsCompleted)
        {
            serving = Math.Max(serving, Resident(Nodes.First));
            relaying = Math.Max(relaying, Resident(Nodes.Second));
            await Task.WhenAny(transfers, Task.Delay(100, Cancelled));
        }

        return (serving, relaying);
    }

    private static long Resident(ClusterNode node) => node.Agent.Process.ReadUsage().ResidentBytes;

    private static async Task<long> DownloadAsync(HttpClient client, Uri address)
    {
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var body = await response.Content.ReadAsStreamAsync(Cancelled);
        var buffer = new byte[256 * 1024];
        var total = 0L;
        for (int read; (read = await body.ReadAsync(buffer, Cancelled)) > 0;)
        {
            total += read;
        }

        return total;
    }
}

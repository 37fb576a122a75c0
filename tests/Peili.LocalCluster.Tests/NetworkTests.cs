using System.Net;
using System.Net.Sockets;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Upstream;

namespace Peili.LocalCluster.Tests;

public sealed class NetworkTests : ClusterTest
{
    [Fact]
    public async Task A_capped_uplink_takes_the_time_it_should()
    {
        await using var cluster = await StartAsync();
        var node = cluster.Nodes[0];
        var image = await cluster.PublishAsync(ImageRecipe.OneLayer(seed: 1, 4_000_000), "app", "v1", Cancellation);

        await cluster.Upstream.Machine.LimitSendingAsync(16_000_000, Cancellation);
        var capped = await node.Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);
        await cluster.Upstream.Machine.LimitSendingAsync(null, Cancellation);
        await node.Containerd.RemoveImageAsync(image.ByTag, Cancellation);
        var free = await node.Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);

        // 32 Mbit at 16 Mbit/s are 2 s, less what the bucket holds at first.
        capped.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(1.6));
        free.Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_cap_on_what_one_node_receives_is_not_felt_by_another()
    {
        await using var cluster = await StartAsync(nodes: 2);
        var image = await cluster.PublishAsync(ImageRecipe.OneLayer(seed: 1, 4_000_000), "app", "v1", Cancellation);
        await cluster.Nodes[0].Machine.LimitReceivingAsync(8_000_000, Cancellation);

        var slow = cluster.Nodes[0].Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);
        var fast = await cluster.Nodes[1].Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);

        fast.Error.ShouldBeNull();
        (await slow).Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(3.2));
    }

    [Fact]
    public async Task A_silent_upstream_answers_nothing_and_refuses_nothing()
    {
        await using var cluster = await StartAsync();
        var node = cluster.Nodes[0];
        var image = await cluster.PublishAsync(SmallImage, "app", "v1", Cancellation);

        await cluster.Upstream.Machine.FallSilentAsync(Cancellation);
        var waited = await node.Containerd.PullAsync(image.ByTag, TimeSpan.FromSeconds(2), Cancellation);
        await cluster.Upstream.Machine.SpeakAsync(Cancellation);

        waited.Error.ShouldNotBeNull().ShouldContain("DeadlineExceeded");
        await ShouldPullAsync(node, image.ByTag);
    }

    [Fact]
    public async Task A_machine_that_lost_its_power_is_gone_with_its_processes()
    {
        await using var cluster = await StartAsync(nodes: 2);
        var containerd = cluster.Nodes[0].Containerd.Process;

        await cluster.Nodes[0].Machine.PowerOffAsync();

        await containerd.Exited.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Directory.Exists($"/proc/{containerd.Id}").ShouldBeFalse();
        cluster.Nodes[1].Containerd.Process.Exited.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_listener_on_a_machines_loopback_is_reached_from_that_machine_alone()
    {
        await using var cluster = await StartAsync(nodes: 2);
        var endpoint = new IPEndPoint(IPAddress.Loopback, 29950);
        using var listener = cluster.Nodes[0].Machine.Listen(endpoint);

        using var connection = await cluster.Nodes[0].Machine.ConnectAsync(endpoint, Cancellation);
        var elsewhere = cluster.Nodes[1].Machine.ConnectAsync(endpoint, Cancellation);

        connection.Connected.ShouldBeTrue();
        (await Should.ThrowAsync<SocketException>(elsewhere)).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task An_http_client_of_a_machine_knows_the_clusters_names()
    {
        await using var cluster = await StartAsync();
        using var client = cluster.Nodes[0].Machine.CreateHttpClient();

        using var answer = await client.GetAsync(new Uri($"http://{UpstreamRegistry.Host}/v2/"), Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Clusters_side_by_side_share_addresses_and_nothing_else()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        var image = await one.PublishAsync(SmallImage, "app", "v1", Cancellation);

        await ShouldPullAsync(one.Nodes[0], image.ByTag);
        var unknown = await other.Nodes[0].Containerd.PullAsync(image.ByTag, cancellationToken: Cancellation);

        one.Nodes[0].Machine.Address.ShouldBe(other.Nodes[0].Machine.Address);
        unknown.Error.ShouldNotBeNull().ShouldContain("not found");
    }
}

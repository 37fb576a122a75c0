using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Tests.Support;
using Peili.Prometheus.Tests.Support;

namespace Peili.NodeAgent.Tests.Metrics;

/// <summary>Bytes and requests, as they are scraped from agents to whom it happened.</summary>
public sealed class SourceMetricsTests(Nodes nodes)
{
    [Fact]
    public async Task Bytes_and_requests_are_counted_by_where_they_came_from_and_how_they_ended()
    {
        await using var holder = await TestAgent.StartAsync(await nodes.HoldingAsync(), []);
        await using var relay = await TestAgent.StartAsync(await nodes.EmptyAsync(), [holder.Peer]);
        var blob = $"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test";
        await RawClient.GetAsync(holder.Registry, blob);
        await RawClient.GetAsync(relay.Registry, blob);
        await RawClient.GetAsync(relay.Registry, $"/v2/team/app/manifests/{nodes.Image.Target}?ns=registry.test");
        await RawClient.GetAsync(relay.Registry, "/v2/team/app/manifests/2?ns=registry.test");
        await RawClient.GetAsync(relay.Registry, "/v2/nonsense");
        await RawClient.GetAsync(relay.Registry, "/v2/");
        await holder.TransfersEndAsync();
        await relay.TransfersEndAsync();

        var holding = await holder.ScrapeAsync();
        var relaying = await relay.ScrapeAsync();

        var manifest = nodes.Image.Blobs[nodes.Image.Target].Length;
        Pulled(holding, "local").ShouldBe(TestBlob.Large);
        Pulled(relaying, "local").ShouldBe(0);
        Pulled(relaying, "peer").ShouldBe(TestBlob.Large + manifest);
        holding["peili_agent_uploaded_bytes_total"].Value("peili_agent_uploaded_bytes_total").ShouldBe(TestBlob.Large + manifest);
        Requests(holding, "containerd", "blob", "hit").ShouldBe(1);
        Requests(holding, "peer", "blob", "hit").ShouldBe(1);
        Requests(holding, "peer", "manifest", "hit").ShouldBe(1);
        Requests(holding, "peer", "tag", "miss").ShouldBe(1);
        Requests(relaying, "containerd", "blob", "hit").ShouldBe(1);
        Requests(relaying, "containerd", "manifest", "hit").ShouldBe(1);
        Requests(relaying, "containerd", "tag", "miss").ShouldBe(1);
        Requests(relaying, "containerd", "other", "refused").ShouldBe(1);
        relaying["peili_agent_requests_total"].Samples.Sum(sample => sample.Value).ShouldBe(4, "the API's base is no pull");
        relaying["peili_agent_first_byte_seconds"].Value("peili_agent_first_byte_seconds_count", ("source", "peer")).ShouldBe(2);
        relaying["peili_agent_transfer_rate_bytes_per_second"].Value("peili_agent_transfer_rate_bytes_per_second_count", ("source", "peer")).ShouldBe(1);
        holding["peili_agent_first_byte_seconds"].Value("peili_agent_first_byte_seconds_count", ("source", "local")).ShouldBe(1);
        relaying["peili_agent_since_last_mirrored_seconds"].Samples.ShouldHaveSingleItem().Value.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_tag_that_is_left_to_upstream_is_no_miss()
    {
        await using var agent = await TestAgent.StartAsync(await nodes.EmptyAsync(), [], options => options with { ResolveTags = TagResolution.Never });

        await RawClient.GetAsync(agent.Registry, "/v2/team/app/manifests/1?ns=registry.test");

        Requests(await agent.ScrapeAsync(), "containerd", "tag", "left_to_upstream").ShouldBe(1);
    }

    [Fact]
    public Task A_body_that_ends_short_is_a_failure_and_no_hit() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Large);
        scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendBlobShortAsync(blob, blob.Length / 2)));
        await scenario.StartAsync();

        (await scenario.FetchAsync(blob)).EndedShort.ShouldBeTrue();
        await scenario.Agent.TransfersEndAsync();

        var scraped = await scenario.Agent.ScrapeAsync();
        Requests(scraped, "containerd", "blob", "failure").ShouldBe(1);
        Requests(scraped, "containerd", "blob", "hit").ShouldBe(0);
        Pulled(scraped, "peer").ShouldBeInRange(1, blob.Length / 2);
    });

    [Fact]
    public Task Resumptions_hedges_and_wrong_bytes_are_counted() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        var first = scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendBlobShortAsync(blob, blob.Length / 2)));
        var second = scenario.Add(FakePeer.HoldingOnce(() => first.Gets.Count > 0, blob, exchange => exchange.SendBlobAsync(blob, blob.Corrupted())));
        scenario.Add(FakePeer.HoldingOnce(() => second.Gets.Count > 1, blob));
        await scenario.StartAsync();

        await scenario.FetchAsync(blob);

        var scraped = await scenario.Agent.ScrapeAsync();
        scraped["peili_agent_resumptions_total"].Samples.ShouldHaveSingleItem().Value.ShouldBe(scenario.Agent.Statistics.Resumptions);
        scraped["peili_agent_resumptions_total"].Samples[0].Value.ShouldBeGreaterThan(0);
        scraped["peili_agent_digest_mismatches_total"].Samples.ShouldHaveSingleItem().Value.ShouldBeGreaterThan(0);
        scraped["peili_agent_hedges_total"].Samples.ShouldHaveSingleItem().Value.ShouldBe(scenario.Agent.Statistics.Hedges);
    });

    [Fact]
    public Task Bytes_from_a_node_that_is_still_fetching_are_told_apart() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Large);
        scenario.Add(FakePeer.Holding(blob, async exchange =>
        {
            await exchange.SendHeadAsync(200, ("Content-Length", $"{blob.Length}"), ("Docker-Content-Digest", $"{blob.Digest}"), (RelayHeaders.Path, "origin"));
            await exchange.SendAsync(blob.Bytes);
        }));
        await scenario.StartAsync();

        await scenario.FetchAsync(blob);
        await scenario.Agent.TransfersEndAsync();

        var scraped = await scenario.Agent.ScrapeAsync();
        Pulled(scraped, "relay").ShouldBe(blob.Length);
        Pulled(scraped, "peer").ShouldBe(0);
        (await scenario.Agent.ReadStatusAsync()).Transfers.PeerBytes.ShouldBe(blob.Length);
    });

    [Fact]
    public Task A_client_that_leaves_is_no_failure() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Large);
        scenario.Add(FakePeer.Holding(blob, async exchange =>
        {
            await exchange.SendBlobHeadAsync(blob);
            await exchange.SendAsync(blob.Bytes.AsMemory(0, blob.Length / 2));
            await exchange.HangAsync();
        }));
        await scenario.StartAsync();
        using (var client = await RawClient.ConnectAsync(scenario.Agent.Registry))
        {
            await client.SendAsync("GET", blob.Path);
            await client.ReadBodyAsync(await client.ReadHeadAsync(), atMost: 1000);
            client.Reset();
        }

        await Eventually.IsTrueAsync(async () => Requests(await scenario.Agent.ScrapeAsync(), "containerd", "blob", "abandoned") == 1, "it is counted");
        Requests(await scenario.Agent.ScrapeAsync(), "containerd", "blob", "failure").ShouldBe(0);
    });

    [Fact]
    public async Task What_containerd_got_elsewhere_counts_once_it_has_it()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var agent = await TestAgent.StartAsync(containerd, []);
        await RawClient.GetAsync(agent.Registry, $"/v2/team/app/blobs/{nodes.Configuration}?ns=registry.test");
        await RawClient.GetAsync(agent.Registry, $"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test", "Range: bytes=1000-");
        await RawClient.GetAsync(agent.Registry, $"/v2/team/app/manifests/{nodes.Image.Target}?ns=registry.test");
        Pulled(await agent.ScrapeAsync(), "none").ShouldBe(0);

        await containerd.ImportAsync(nodes.Image);

        var expected = nodes.Image.Blobs[nodes.Configuration].Length + nodes.Image.Blobs[nodes.Layer].Length - 1000;
        await Eventually.IsTrueAsync(async () => Pulled(await agent.ScrapeAsync(), "none") == expected, "the rest of both came from elsewhere");
    }

    [Fact]
    public async Task Parts_that_were_missed_are_added_up()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var agent = await TestAgent.StartAsync(containerd, []);
        var path = $"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test";
        await RawClient.GetAsync(agent.Registry, path, "Range: bytes=0-999");
        await RawClient.GetAsync(agent.Registry, path, "Range: bytes=5000-5499");

        await containerd.ImportAsync(nodes.Image);

        await Eventually.IsTrueAsync(async () => Pulled(await agent.ScrapeAsync(), "none") == 1500, "both parts count");
    }

    private static double Pulled(IReadOnlyDictionary<string, ExpositionFamily> scraped, string source) =>
        scraped["peili_agent_pulled_bytes_total"].Samples.Where(sample => sample.Labels["source"] == source).Sum(sample =>
        {
            (sample.Value == 0 || sample.Labels["registry"] == "registry.test").ShouldBeTrue();
            return sample.Value;
        });

    private static double Requests(IReadOnlyDictionary<string, ExpositionFamily> scraped, string from, string kind, string outcome) =>
        scraped["peili_agent_requests_total"].Value("peili_agent_requests_total", ("from", from), ("kind", kind), ("outcome", outcome));
}

using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.LocalCluster.Security;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Transfers;
using Peili.Prometheus.Tests.Support;

namespace Peili.NodeAgent.Tests.Metrics;

/// <summary>What is scraped of agents and their overlay; and that it is documented, all of it, one by one.</summary>
public sealed class NodeMetricsTests(Nodes nodes) : IDisposable
{
    private const int MostBytes = 100_000;

    private readonly TestDirectory _directory = new();
    private readonly CertificateAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Every_metric_is_scraped_and_documented_with_its_labels()
    {
        WriteSecrets();
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var first = await TestAgent.StartInOverlayAsync(await nodes.HoldingAsync(), "first", [], Secure);
        await using var second = await TestAgent.StartInOverlayAsync(containerd, "second", [first.Peer], options => Secure(options) with { HostsDirectory = _directory.PathOf("certs.d") });
        var store = second.Services.GetRequiredService<ImageStoreWatcher>().ContentStore.ShouldNotBeNull();
        await second.PullAsync($"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test");
        using var ingest = ImitatedIngest.Open(store, TestBlob.Large);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await RawClient.GetAsync(second.Registry, $"/v2/team/app/blobs/{ingest.Digest}?ns=registry.test");
                return Value(await second.ScrapeAsync(), "peili_agent_relay_grants_total", ("role", "origin")) > 0;
            },
            "the second is who fetches the blob upstream");

        var scraped = await second.ScrapeAsync();

        Value(scraped, "peili_agent_relay_origins").ShouldBe(1);
        scraped["peili_agent_relay_wait_seconds"].Value("peili_agent_relay_wait_seconds_count", ("result", "upstream")).ShouldBeGreaterThan(0);
        Value(scraped, "peili_overlay_members", ("state", "alive")).ShouldBe(2);
        Value(scraped, "peili_overlay_sent_bytes_total", ("via", "udp")).ShouldBeGreaterThan(0);
        Value(scraped, "peili_overlay_datagrams_received_total").ShouldBeGreaterThan(0);
        Value(scraped, "peili_overlay_lookups_total").ShouldBeGreaterThan(0);
        scraped["peili_overlay_lookup_seconds"].Value("peili_overlay_lookup_seconds_count", ("outcome", "found")).ShouldBeGreaterThan(0);
        scraped["peili_overlay_lookup_seconds"].Samples.ShouldContain(sample => sample.Labels.GetValueOrDefault("le") == "0.0001");
        Value(scraped, "peili_agent_containerd_connected").ShouldBe(1);
        Value(scraped, "peili_agent_ready").ShouldBe(1);
        Value(scraped, "peili_agent_build_info", ("version", AgentVersion.Current)).ShouldBe(1);
        Value(scraped, "peili_agent_certificate_expiry_timestamp_seconds").ShouldBeGreaterThan(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await Eventually.IsTrueAsync(async () => Value(await first.ScrapeAsync(), "peili_overlay_records", ("role", "owned")) > 0, "the first announces what it has");
        await Eventually.IsTrueAsync(async () => Value(await second.ScrapeAsync(), "peili_agent_hosts_state", ("state", "mirrored")) == 1, "certs.d is written");
        Value(await second.ScrapeAsync(), "peili_agent_hosts_written_total").ShouldBeGreaterThan(0);
        await Eventually.IsTrueAsync(
            async () => (await second.ScrapeAsync())["peili_agent_verdict"].Samples.Sum(sample => sample.Value) == 1, "the node is checked");

        ShouldBeDocumented(await second.ScrapeAsync());
    }

    [Fact]
    public async Task Refused_peers_and_dropped_datagrams_are_counted_by_reason()
    {
        WriteSecrets();
        await using var agent = await TestAgent.StartInOverlayAsync(await nodes.EmptyAsync(), "one", [], Secure);
        await using var stranger = await TestAgent.StartInOverlayAsync(await nodes.EmptyAsync(), "two", [agent.Peer], options => Secure(options) with { ClusterKeyFile = _directory.Write("other", NewKey()) });
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } });
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://{agent.Peer}{BulkEndpoint.Path}"), TestContext.Current.CancellationToken));

        await Eventually.IsTrueAsync(
            async () => await agent.ScrapeAsync() is var scraped
                && Value(scraped, "peili_agent_peers_refused_total", ("reason", "no_certificate")) > 0
                && Value(scraped, "peili_overlay_datagrams_dropped_total", ("reason", "unknown_key")) > 0,
            "both are counted");
    }

    [Fact]
    public async Task A_containerd_that_is_gone_shows()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var agent = await TestAgent.StartAsync(containerd, []);
        Value(await agent.ScrapeAsync(), "peili_agent_containerd_connected").ShouldBe(1);

        await containerd.KillAsync();

        await Eventually.IsTrueAsync(
            async () => await agent.ScrapeAsync() is var scraped && Value(scraped, "peili_agent_containerd_connected") == 0 && Value(scraped, "peili_agent_ready") == 0,
            "the connection is gone");
    }

    [Fact]
    public async Task A_scrape_stays_small_however_many_registries_there_are()
    {
        await using var agent = await TestAgent.StartAsync(await nodes.HoldingAsync(), [], options => options with { HostsDirectory = _directory.PathOf("certs.d") });
        for (var registry = 0; registry < 3 * RegistryTraffic.MostRegistries; registry++)
        {
            await RawClient.GetAsync(agent.Registry, $"/v2/team/app/blobs/{nodes.Configuration}?ns=registry-{registry}.a-rather-long-name.of-a-registry.example.com");
        }

        var pulled = (await agent.ScrapeAsync())["peili_agent_pulled_bytes_total"];

        pulled.Samples.Select(sample => sample.Labels["registry"]).Distinct().Count().ShouldBe(RegistryTraffic.MostRegistries + 1);
        pulled.Value("peili_agent_pulled_bytes_total", ("registry", "other"), ("source", "local")).ShouldBe(2 * RegistryTraffic.MostRegistries * nodes.Image.Blobs[nodes.Configuration].Length);
        foreach (var accept in new[] { "text/plain", "application/openmetrics-text" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{agent.Operations}/metrics") { Headers = { { "Accept", accept } } };
            using var answer = await agent.Client.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            body.Length.ShouldBeLessThan(MostBytes);
            Exposition.Parse(body, openMetrics: accept != "text/plain").Count.ShouldBeGreaterThan(20);
        }
    }

    [Fact]
    public async Task Agents_of_one_process_do_not_count_for_each_other()
    {
        await using var one = await TestAgent.StartAsync(await nodes.HoldingAsync(), []);
        await using var other = await TestAgent.StartAsync(await nodes.HoldingAsync(), []);

        await RawClient.GetAsync(one.Registry, $"/v2/team/app/blobs/{nodes.Configuration}?ns=registry.test");

        (await one.ScrapeAsync())["peili_agent_first_byte_seconds"].Samples.ShouldNotBeEmpty();
        (await other.ScrapeAsync()).Keys.ShouldNotContain("peili_agent_first_byte_seconds");
        (await other.ScrapeAsync())["peili_agent_pulled_bytes_total"].Samples.ShouldAllBe(sample => sample.Value == 0);
    }

    /// <summary>Every family that is scraped has its row in docs/metrics.md with its type and labels, and every row is scraped.</summary>
    private static void ShouldBeDocumented(IReadOnlyDictionary<string, ExpositionFamily> scraped)
    {
        var expected = scraped.Values.Where(family => family.Name.StartsWith("peili_", StringComparison.Ordinal)).Select(family => new MetricRow(
            family.Name,
            family.Type!,
            string.Join(", ", family.Samples.SelectMany(sample => sample.Labels.Keys).Where(label => label != "le").Distinct().Order(StringComparer.Ordinal))));

        MetricRow.ReadAll().Where(row => !row.Name.StartsWith("peili_operator_", StringComparison.Ordinal)).OrderBy(row => row.Name, StringComparer.Ordinal)
            .ShouldBe(expected.OrderBy(row => row.Name, StringComparer.Ordinal));
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static double Value(IReadOnlyDictionary<string, ExpositionFamily> scraped, string name, params (string Name, string Value)[] labels) =>
        scraped.TryGetValue(name, out var family) ? family.Value(name, labels) : 0;

    private void WriteSecrets()
    {
        var (certificate, key) = _authority.Issue();
        _directory.Write("ca.crt", _authority.Pem);
        _directory.Write("tls.crt", certificate);
        _directory.Write("tls.key", key);
        _directory.Write("keys", NewKey());
        Directory.CreateDirectory(_directory.PathOf("certs.d"));
    }

    private AgentOptions Secure(AgentOptions options) => options with
    {
        Tls = new TlsFiles(_directory.PathOf("ca.crt"), _directory.PathOf("tls.crt"), _directory.PathOf("tls.key")),
        ClusterKeyFile = _directory.PathOf("keys"),
    };
}

using Microsoft.Playwright;
using Peili.NodeAgent.Tests.Support;
using Peili.Operator.Page;
using Peili.Page.Tests.Support;

namespace Peili.Page.Tests;

/// <summary>The operator's page.</summary>
public sealed class ClusterPageTests(Browser browser)
{
    private const string Shows = "#savings-body .facts; #kinds-list > *";

    [Theory]
    [InlineData(3)]
    [InlineData(500)]
    public async Task It_fits_the_window_in_both_themes_and_loads_nothing_from_elsewhere(int nodes)
    {
        await using var cluster = await StartAsync(nodes);
        foreach (var (theme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 390), (ColorScheme.Dark, 390) })
        {
            await using var visit = await browser.OpenAsync(cluster.Page, theme, width, Shows);
            await Assertions.Expect(visit["#nodes-map button"]).ToHaveCountAsync(nodes);
            await visit.SeesAsync("#mirrors-list", "Agents being rolled out");
            await visit.SeesAsync("#problems-rows", "Following the API server");
            await visit.SeesAsync("#cold-starts-list", $"Who gets it from whom: {nodes} nodes");

            await visit.PictureAsync($"cluster-{nodes}-{theme.ToString().ToLowerInvariant()}-{width}");

            (await visit.OverflowAsync()).ShouldBe(0);
            (await Legibility.TooLowAsync(visit.Page)).ShouldBeEmpty();
            visit.Faults.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_node_opens_with_its_findings_and_Escape_closes_it()
    {
        await using var cluster = await StartAsync(500);
        await using var visit = await browser.OpenAsync(cluster.Page, shows: Shows);
        await visit["#nodes-state"].SelectOptionAsync("trouble");
        await Assertions.Expect(visit["#nodes-map button"]).ToHaveCountAsync(10);
        await visit["#nodes-filter"].FillAsync("0-2.");

        await visit["#nodes-map button"].PressAsync("Enter");
        await visit.SeesAsync("#details[open] #details-body", "/etc/containerd/config.toml:12");
        await visit.SeesAsync("#details-body", "<img src=x");
        await visit.PictureAsync("cluster-500-node");
        await visit.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(visit["#details"]).ToBeHiddenAsync();
        (await visit["img"].CountAsync()).ShouldBe(0);
        (await visit.Page.TitleAsync()).ShouldBe("Peili cluster");
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_changes_in_the_cluster_is_seen_at_once()
    {
        var view = new ClusterView([], [], [], [], IsSynced: true);
        await using var cluster = await ClusterScene.StartAsync(() => view);
        await using var visit = await browser.OpenAsync(cluster.Page, shows: Shows);
        await visit.SeesAsync("#verdict", "There is no RegistryMirror");
        await visit.PictureAsync("cluster-empty");

        view = ClusterScene.Cluster(3);

        await visit.SeesAsync("#facts", "2 of 3");
        await visit.SeesAsync("#kinds-list", "systemctl restart containerd");
        view = new ClusterView([], [], [], [], IsSynced: false);
        await visit.SeesAsync("#verdict", "The API server does not answer");
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_sites_name_and_page_get_nothing()
    {
        await using var cluster = await StartAsync(3);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, cluster.Page);
        request.Headers.Host = "rebound.example";

        using var refused = await client.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)refused.StatusCode).ShouldBe(421);
        using var unknown = await client.GetAsync(new Uri(cluster.Page, "node?name=none"), TestContext.Current.CancellationToken);
        ((int)unknown.StatusCode).ShouldBe(404);
    }

    [Fact]
    public void Savings_are_what_counters_went_on_by_in_five_minutes_each()
    {
        var (time, round) = (new ManualTimeProvider(), 1);
        var history = new SavingsHistory(() => ClusterScene.Cluster(1, round), time);

        history.Add();
        for (round = 2; round <= 3; round++)
        {
            time.Advance(TimeSpan.FromMinutes(5));
            history.Add();
        }

        // An agent that was started anew.
        round = 1;
        history.Add();

        var report = history.Read();
        report.FromPeers.ShouldBe(80_000_000);
        report.Buckets.Select(bucket => bucket.Start.Minute).ShouldBe([0, 5, 10]);
        report.Buckets.Select(bucket => bucket.FromPeers).ShouldBe([0, 160_000_000, 240_000_000 + 80_000_000]);
        for (var bucket = 0; bucket < SavingsHistory.MostBuckets; bucket++)
        {
            time.Advance(TimeSpan.FromMinutes(5));
            history.Add();
        }

        history.Read().Buckets.Count.ShouldBe(SavingsHistory.MostBuckets);
    }

    [Fact]
    public void Another_replica_goes_on_with_what_was_added_up_before_it()
    {
        var (time, round) = (new ManualTimeProvider(), 1);
        var before = new SavingsHistory(() => ClusterScene.Cluster(1, round), time);
        before.Add();
        round = 2;
        time.Advance(TimeSpan.FromMinutes(5));
        before.Add();
        var kept = before.Read().Buckets.Select(bucket => bucket.ToLine()).ToArray();

        // Nobody counts for ten minutes.
        time.Advance(TimeSpan.FromMinutes(15));
        var after = new SavingsHistory(() => ClusterScene.Cluster(1, round), time);
        after.Add();
        after.Restore([.. kept.Select(SavingsBucket.Parse).OfType<SavingsBucket>(), new SavingsBucket(time.GetUtcNow().AddHours(1), 1, 1)]);
        round = 3;
        after.Add();

        after.Read().Buckets.Select(bucket => bucket.FromPeers).ShouldBe([0, 160_000_000, 0, 0, 240_000_000]);
        time.Advance(TimeSpan.FromHours(7));
        after.Add();
        after.Read().Buckets.Sum(bucket => bucket.FromPeers).ShouldBe(0);
        SavingsBucket.Parse("2026-01-01T00:00:00Z 5 -5").ShouldBeNull();
        SavingsBucket.Parse("now 5 5").ShouldBeNull();
    }

    private static Task<ClusterScene> StartAsync(int nodes)
    {
        var (time, round) = (new ManualTimeProvider(), 0);
        var savings = new SavingsHistory(() => ClusterScene.Cluster(nodes, round), time);
        for (; round < 40; round++)
        {
            savings.Add();
            time.Advance(TimeSpan.FromMinutes(5));
        }

        round--;
        var view = ClusterScene.Cluster(nodes, round);
        var told = ColdStartScene.Tell([.. Enumerable.Range(1, nodes).Select(ClusterScene.NameOf)], percent: 62);
        return ClusterScene.StartAsync(() => view, savings, () => told);
    }
}

using Peili.Containerd.Ingests;
using Peili.Containerd.Tests.Support;

namespace Peili.Containerd.Tests.Ingests;

/// <summary>What each release of containerd really does while it receives a layer.</summary>
public sealed class ContainerdIngestTests
{
    // What content.Copy gathers until it writes it.
    private const int Part = 1024 * 1024;
    private const int LayerSize = (4 * Part) - 1000;

    public static TheoryData<string> Releases => ["1.6", "1.7", "2.1"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_layer_is_read_while_it_arrives(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        await using var registry = await SlowRegistry.StartAsync(LayerSize);
        using var watched = new WatchedIngests(new ContentStore(containerd.ContentRoot));
        GrowingBlob? seenAtRequest = null;
        registry.OnLayer = () => seenAtRequest = watched.Find(registry.Layer);
        var fetch = FetchAsync(containerd, registry);
        await Eventually.IsTrueAsync(() => seenAtRequest is not null, "the ingest is there when the request comes");

        using var reader = seenAtRequest!.TryOpenReader()!;
        reader.Blob.Total.ShouldBe(LayerSize);
        var read = new byte[LayerSize];
        for (var from = 0; from < LayerSize; from += Part)
        {
            // What is not allowed yet is not there, so every part is read before upstream has sent the next.
            var to = Math.Min(from + Part, LayerSize);
            registry.Allow(to);
            await ReadAsync(reader, read, from, to);
        }

        await fetch;
        read.AsSpan().SequenceEqual(registry.LayerContent).ShouldBeTrue();
        await watched.TellsAsync(registry.Layer, "Waiting Fetching Committed");
        registry.Offsets.ShouldBe([0]);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Many_readers_follow_one_layer_to_its_end(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        await using var registry = await SlowRegistry.StartAsync(LayerSize);
        using var watched = new WatchedIngests(new ContentStore(containerd.ContentRoot));
        var fetch = FetchAsync(containerd, registry);
        await Eventually.IsTrueAsync(() => watched.Find(registry.Layer) is not null, "the ingest shows");

        var readers = Enumerable.Range(0, 8).Select(async i =>
        {
            using var reader = watched.Find(registry.Layer)!.TryOpenReader()!;
            var read = new byte[LayerSize];
            await ReadAsync(reader, read, i * 1000, LayerSize);
            return read.AsSpan(i * 1000).SequenceEqual(registry.LayerContent.AsSpan(i * 1000));
        }).ToArray();
        for (var allowed = 0; allowed <= LayerSize; allowed += 100_000)
        {
            registry.Allow(allowed);
            await Task.Delay(2, Cancelled);
        }

        registry.Allow(LayerSize);
        await fetch;
        (await Task.WhenAll(readers)).ShouldAllBe(right => right);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task What_upstream_refuses_is_released_without_a_byte(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        await using var registry = await SlowRegistry.StartAsync(LayerSize);
        registry.Refuses = true;
        using var watched = new WatchedIngests(new ContentStore(containerd.ContentRoot));
        registry.OnLayer = () => watched.Find(registry.Layer).ShouldNotBeNull();

        await Assert.ThrowsAsync<ShouldAssertException>(() => FetchAsync(containerd, registry));

        await Eventually.IsTrueAsync(
            () => watched.Find(registry.Layer)?.IsActive != true && watched.StatesOf(registry.Layer).StartsWith("Waiting Released", StringComparison.Ordinal),
            "it is released",
            () => watched.StatesOf(registry.Layer));
        watched.StatesOf(registry.Layer).ShouldNotContain("Fetching");
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_reader_does_not_notice_that_the_connection_broke_and_the_pull_went_on(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        await using var registry = await SlowRegistry.StartAsync(LayerSize);
        using var watched = new WatchedIngests(new ContentStore(containerd.ContentRoot));
        registry.CutAt(Part);
        registry.Allow(2 * Part);
        var fetch = FetchAsync(containerd, registry);
        await Eventually.IsTrueAsync(() => watched.Find(registry.Layer) is not null, "the ingest shows");
        using var reader = watched.Find(registry.Layer)!.TryOpenReader()!;

        var read = new byte[LayerSize];
        await ReadAsync(reader, read, 0, 2 * Part);
        registry.Allow(LayerSize);
        await ReadAsync(reader, read, 2 * Part, LayerSize);

        await fetch;
        read.AsSpan().SequenceEqual(registry.LayerContent).ShouldBeTrue();
        registry.Offsets.ShouldBe([0, Part]);
        await watched.TellsAsync(registry.Layer, "Waiting Fetching Committed");
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_pull_that_was_ended_releases_what_it_received_and_the_next_goes_on(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        await using var registry = await SlowRegistry.StartAsync(LayerSize);
        using var watched = new WatchedIngests(new ContentStore(containerd.ContentRoot));
        registry.Allow(Part);
        using (var pull = containerd.StartCtr("content", "fetch", "--plain-http", registry.Reference))
        {
            await Eventually.IsTrueAsync(() => watched.Find(registry.Layer)?.Length == Part, "a part is there");
            pull.Kill();
            await pull.WaitForExitAsync(Cancelled);
        }

        await watched.TellsAsync(registry.Layer, "Waiting Fetching Released");
        var blob = watched.Find(registry.Layer)!;

        var fetch = FetchAsync(containerd, registry);
        await watched.TellsAsync(registry.Layer, "Waiting Fetching Released Waiting");
        registry.Allow(LayerSize);
        await fetch;

        registry.Offsets.ShouldBe([0, Part]);
        await watched.TellsAsync(registry.Layer, "Waiting Fetching Released Waiting Fetching Committed");
        blob.State.ShouldBe(GrowingBlobState.Committed);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task When_containerd_is_killed_its_ingest_is_released(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        await using var registry = await SlowRegistry.StartAsync(LayerSize);
        using var watched = new WatchedIngests(
            new ContentStore(containerd.ContentRoot), new IngestWatcherOptions { StallAfter = TimeSpan.FromHours(1) });
        registry.Allow(Part);
        using var pull = containerd.StartCtr("content", "fetch", "--plain-http", registry.Reference);
        await Eventually.IsTrueAsync(() => watched.Find(registry.Layer)?.Length == Part, "a part is there");

        await containerd.KillAsync();

        await watched.TellsAsync(registry.Layer, "Waiting Fetching Released");
        pull.Kill();
        await pull.WaitForExitAsync(Cancelled);
    }

    private static Task<string> FetchAsync(ContainerdProcess containerd, SlowRegistry registry) =>
        containerd.CtrAsync("content", "fetch", "--plain-http", registry.Reference);

    private static async Task ReadAsync(GrowingBlobReader reader, byte[] read, int from, int to)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bounded.CancelAfter(TimeSpan.FromSeconds(60));
        while (from < to)
        {
            var count = await reader.ReadAsync(read.AsMemory(from), from, bounded.Token);
            count.ShouldBePositive($"at {from} it is {reader.Blob.State}");
            from += count;
        }
    }
}

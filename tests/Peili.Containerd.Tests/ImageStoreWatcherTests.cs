using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Tests.Support;

namespace Peili.Containerd.Tests;

public sealed class ImageStoreWatcherTests
{
    private static readonly ImageStoreWatcherOptions s_onEventsOnly = new() { RelistPeriod = TimeSpan.FromHours(1) };
    private static readonly ImageStoreWatcherOptions s_often = new() { RelistPeriod = TimeSpan.FromMilliseconds(200) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_list_has_every_image_and_blob()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        var image = TestImage.Create("example.com/first:1", layers: 3);
        await containerd.ImportAsync(image);
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);

        var snapshot = running.Watcher.Current!;

        snapshot.TryResolve("example.com/first:1", out var target).ShouldBeTrue();
        target.ShouldBe(image.Target);
        snapshot.TryResolve("example.com/first:2", out _).ShouldBeFalse();
        snapshot.Images.ShouldBe(1);
        foreach (var (digest, bytes) in image.Blobs)
        {
            snapshot.Contains(digest).ShouldBeTrue();
            snapshot.TryGetSize(digest, out var size).ShouldBeTrue();
            size.ShouldBe(bytes.Length);
            snapshot.NamesOf(digest).ShouldBe(["example.com/first:1"]);
            snapshot.Digests.ShouldContain(digest);
        }

        running.Watcher.State.Connected.ShouldBeTrue();
        running.Watcher.State.ContentRoot.ShouldBe(containerd.ContentRoot);
        running.Watcher.State.Version!.Version.ShouldBe(await ContainerdProcess.ReadVersionAsync());
    }

    [Fact]
    public async Task A_blob_goes_by_the_names_of_its_images_and_of_its_sources()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        var image = TestImage.CreateIndex("example.com/named:1");
        await containerd.ImportAsync(image);
        await containerd.CtrAsync("images", "tag", "example.com/named:1", "example.com/also:1");
        await containerd.CtrAsync("content", "label", image.Layers[1].ToString(), "containerd.io/distribution.source.docker.io=a/b,c");
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);

        var names = running.Watcher.Current!.NamesOf(image.Layers[1]);

        names.ShouldBe(
            ["example.com/also:1", "example.com/named:1", $"docker.io/a/b@{image.Layers[1]}", $"docker.io/c@{image.Layers[1]}"],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Children_that_an_index_names_but_the_store_lacks_are_no_obstacle()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        var image = TestImage.CreateIndex("example.com/partial:1");
        await containerd.ImportAsync(image);
        await containerd.CtrAsync("content", "rm", image.Manifests[1].ToString(), image.Layers[1].ToString());
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);

        var snapshot = running.Watcher.Current!;

        snapshot.Contains(image.Manifests[1]).ShouldBeFalse();
        snapshot.NamesOf(image.Manifests[1]).ShouldBeEmpty();
        snapshot.NamesOf(image.Layers[0]).ShouldBe(["example.com/partial:1"]);
    }

    [Fact]
    public async Task Images_that_come_and_go_show_by_their_events_alone()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);
        var image = TestImage.Create("example.com/come:1");
        running.Watcher.Current!.Images.ShouldBe(0);

        await containerd.ImportAsync(image);
        await Eventually.IsTrueAsync(() => running.Watcher.Current.Images == 1, "the image shows");
        running.Watcher.Current.Contains(image.Layers[0]).ShouldBeTrue();

        await containerd.CtrAsync("images", "rm", "example.com/come:1");
        await Eventually.IsTrueAsync(() => running.Watcher.Current.Images == 0, "the image is gone");
    }

    [Fact]
    public async Task A_committed_blob_shows_by_its_event_where_containerd_sends_one()
    {
        Assert.SkipWhen(
            (await ContainerdProcess.ReadVersionAsync())[0] == '1',
            "containerd sends an event for a committed blob since 2.1 only");
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);

        await containerd.CtrAsync("k8s.io", new MemoryStream("a layer"u8.ToArray()), "content", "ingest", "layer-x");

        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Digests.Count == 1, "the blob shows");
    }

    [Fact]
    public async Task Blobs_that_garbage_collection_takes_from_this_namespace_alone_go_with_the_next_periodic_list()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        var image = TestImage.Create("example.com/garbage:1");
        await containerd.ImportAsync(image);
        await containerd.ImportAsync(image, "theirs");
        await using var running = await RunningWatcher.StartAsync(containerd, s_often);
        await containerd.CtrAsync("images", "rm", "example.com/garbage:1");
        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Images == 0, "the image is gone");

        await containerd.CollectGarbageAsync();

        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Digests.Count == 0, "the blobs are gone");
        new ContentStore(containerd.ContentRoot).HasBlob(image.Target).ShouldBeTrue();
    }

    [Fact]
    public async Task Events_that_never_cease_do_not_hold_the_list_up()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);
        using var stop = new CancellationTokenSource();
        var storm = containerd.PublishAsync("/images/update", every: TimeSpan.FromMilliseconds(5), stop.Token);

        await containerd.ImportAsync(TestImage.Create("example.com/storm:1"));
        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Images == 1, "a list comes during the storm");

        storm.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await storm;
    }

    [Fact]
    public async Task Another_namespace_does_not_show()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await containerd.ImportAsync(TestImage.Create("example.com/theirs:1"), "theirs");
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);

        running.Watcher.Current!.Images.ShouldBe(0);
        running.Watcher.Current.Digests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_blob_of_a_pull_under_way_is_found_though_no_list_has_it()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);
        var blob = "a layer"u8.ToArray();
        var digest = Digest.Of(System.Security.Cryptography.SHA256.HashData(blob));
        (await running.Watcher.ContainsAsync(digest, Cancellation)).ShouldBeFalse();

        await containerd.CtrAsync("k8s.io", new MemoryStream(blob), "content", "ingest", "layer-x");

        // Asked right away, and so before the signal; on a busy machine one answer may take longer than the question waits.
        await Eventually.IsTrueAsync(() => running.Watcher.ContainsAsync(digest, Cancellation).AsTask(), "the blob is found");
    }

    [Fact]
    public async Task A_restart_of_containerd_keeps_the_snapshot_and_is_followed_by_a_new_list()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        var image = TestImage.Create("example.com/kept:1");
        await containerd.ImportAsync(image);
        await using var running = await RunningWatcher.StartAsync(containerd, s_onEventsOnly);

        await containerd.KillAsync();
        await Eventually.IsTrueAsync(() => !running.Watcher.State.Connected, "the loss is noticed");
        running.Watcher.State.LastError.ShouldNotBeNullOrEmpty();
        running.Watcher.Current!.TryResolve("example.com/kept:1", out _).ShouldBeTrue();
        (await running.Watcher.ContainsAsync(image.Layers[0], Cancellation)).ShouldBeTrue();
        (await running.Watcher.ContainsAsync(Digest.Of(new byte[32]), Cancellation)).ShouldBeFalse();

        await containerd.RunAsync();
        await Eventually.IsTrueAsync(() => running.Watcher.State.Connected, "the connection is back");
        await containerd.ImportAsync(TestImage.Create("example.com/after:1"));
        await Eventually.IsTrueAsync(() => running.Watcher.Current.Images == 2, "events come again");
    }

    [Fact]
    public async Task A_restart_in_the_midst_of_a_list_does_not_empty_the_snapshot()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        var image = TestImage.Create("example.com/steady:1", layers: 100, layerSize: 10);
        await containerd.ImportAsync(image);
        await using var running = await RunningWatcher.StartAsync(containerd, s_often);

        for (var i = 0; i < 5; i++)
        {
            // Frozen, it leaves the next periodic list unanswered until it is killed.
            await containerd.FreezeAsync();
            var lists = running.Watcher.Lists;
            await Eventually.IsTrueAsync(() => running.Watcher.Lists > lists, "a list is under way");
            await containerd.RestartAsync();
            image.Blobs.Keys.ShouldAllBe(digest => running.Watcher.Current!.Contains(digest));
            await Eventually.IsTrueAsync(() => running.Watcher.State.Connected, "the connection is back");
        }

        running.Watcher.Current!.TryResolve("example.com/steady:1", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_containerd_that_hangs_counts_as_disconnected_until_it_answers_again()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await using var running = await RunningWatcher.StartAsync(containerd, s_often);

        await containerd.FreezeAsync();
        await Eventually.IsTrueAsync(() => !running.Watcher.State.Connected, "a list runs into its deadline");
        running.Watcher.Current.ShouldNotBeNull();

        containerd.Thaw();
        await Eventually.IsTrueAsync(() => running.Watcher.State.Connected, "the connection is back");
    }

    [Fact]
    public async Task A_watcher_that_starts_before_containerd_connects_once_it_is_there()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await containerd.KillAsync();
        using var client = containerd.CreateClient();
        var watcher = new ImageStoreWatcher(client, s_onEventsOnly, NullLogger<ImageStoreWatcher>.Instance);
        using var stop = new CancellationTokenSource();
        var running = watcher.RunAsync(stop.Token);
        await Eventually.IsTrueAsync(() => watcher.State.LastError is not null, "the first attempt fails");
        watcher.Current.ShouldBeNull();

        await containerd.RunAsync();
        await watcher.WaitForFirstListAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        watcher.Current.ShouldNotBeNull();
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    [Fact]
    public async Task Lists_that_bring_nothing_new_are_not_announced()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await containerd.ImportAsync(TestImage.Create("example.com/old:1"));
        await containerd.CollectGarbageAsync();
        await using var running = await RunningWatcher.StartAsync(containerd, s_often);
        await using var snapshots = running.Watcher.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await snapshots.MoveNextAsync();
        var first = snapshots.Current;
        var next = snapshots.MoveNextAsync().AsTask();

        // The third has begun, so the second is through.
        await Eventually.IsTrueAsync(() => running.Watcher.Lists >= 3, "lists go by before the new image comes");
        next.IsCompleted.ShouldBeFalse();
        running.Watcher.Current.ShouldBeSameAs(first);
        await containerd.ImportAsync(TestImage.Create("example.com/new:1"));

        (await next.WaitAsync(TimeSpan.FromSeconds(60), Cancellation)).ShouldBeTrue();
        snapshots.Current.ShouldNotBeSameAs(first);
    }
}

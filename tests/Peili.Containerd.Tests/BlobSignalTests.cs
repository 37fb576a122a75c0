using System.Security.Cryptography;
using Peili.Containerd.Tests.Support;

namespace Peili.Containerd.Tests;

/// <summary>What the snapshot learns of blobs without an event, and without a list, on each release of containerd.</summary>
public sealed class BlobSignalTests
{
    private static readonly ImageStoreWatcherOptions s_withoutPeriod = new() { RelistPeriod = TimeSpan.FromHours(1) };

    public static TheoryData<string> Releases => ["1.6", "1.7", "2.1"];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_blob_shows_once_it_is_committed_though_no_image_has_it(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        await CommitAsync(containerd, "first");
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);

        var second = await CommitAsync(containerd, "second");
        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Contains(second), "the blob shows");

        running.Watcher.Current!.TryGetSize(second, out var size).ShouldBeTrue();
        size.ShouldBe("second".Length);
        running.Watcher.Current.Images.ShouldBe(0);
        running.ShouldHaveListed(atMost: 1);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task The_first_blob_of_all_shows_too(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);
        Directory.Exists(new ContentStore(containerd.ContentRoot).BlobDirectory).ShouldBeFalse();

        var first = await CommitAsync(containerd, "first");

        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Contains(first), "the blob shows");
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_blob_that_is_deleted_is_gone_without_a_list(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        var kept = await CommitAsync(containerd, "kept");
        var deleted = await CommitAsync(containerd, "deleted");
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);
        running.Watcher.Current!.Digests.ShouldBe([kept, deleted], ignoreOrder: true);

        await containerd.CtrAsync("content", "rm", deleted.ToString());

        await Eventually.IsTrueAsync(() => !running.Watcher.Current.Contains(deleted), "the blob is gone");
        running.Watcher.Current.Digests.ShouldBe([kept]);
        running.ShouldHaveListed(atMost: 1);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Blobs_that_garbage_collection_takes_are_gone_without_a_list(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        var gone = TestImage.Create("example.com/gone:1", layers: 5);
        var kept = TestImage.Create("example.com/kept:1");
        await containerd.ImportAsync(gone);
        await containerd.ImportAsync(kept);
        await containerd.CollectGarbageAsync();
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);
        running.Watcher.Current!.Digests.Count.ShouldBe(gone.Blobs.Count + kept.Blobs.Count);

        await containerd.CtrAsync("images", "rm", "--sync", "example.com/gone:1");

        await Eventually.IsTrueAsync(() => running.Watcher.Current.Digests.Count == kept.Blobs.Count, "the blobs are gone");
        running.Watcher.Current.Digests.ShouldBe(kept.Blobs.Keys, ignoreOrder: true);
        running.ShouldHaveListed(atMost: 1);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_blob_of_another_namespace_never_shows(string release)
    {
        await using var containerd = await ContainerdProcess.StartAsync(release: release);
        var ours = await CommitAsync(containerd, "ours");
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);

        await CommitAsync(containerd, "theirs", "theirs");
        var next = await CommitAsync(containerd, "next");

        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Contains(next), "our next blob shows");
        running.Watcher.Current!.Digests.ShouldBe([ours, next], ignoreOrder: true);
        await Eventually.IsTrueAsync(() => running.Watcher.NothingDue, "their blob is no longer asked about");
        running.Watcher.Current.Digests.ShouldBe([ours, next], ignoreOrder: true);
    }

    [Fact]
    public async Task An_image_brings_the_blobs_it_adopted_from_another_namespace()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        var image = TestImage.Create("example.com/adopted:1");
        await containerd.ImportAsync(image, "theirs");
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);
        running.Watcher.Current!.Digests.ShouldBeEmpty();

        await containerd.ImportAsync(image);

        await Eventually.IsTrueAsync(() => image.Blobs.Keys.All(running.Watcher.Current.Contains), "the blobs show");
        image.Blobs.Keys.ShouldAllBe(digest => running.Watcher.Current.NamesOf(digest).Contains("example.com/adopted:1"));
    }

    [Fact]
    public async Task Labels_that_come_after_the_commit_show_with_the_image()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        var image = TestImage.Create("example.com/labelled:1");
        await containerd.ImportAsync(image);
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);

        await containerd.CtrAsync("content", "label", image.Layers[0].ToString(), "containerd.io/distribution.source.docker.io=a");
        await containerd.CtrAsync("images", "tag", "example.com/labelled:1", "example.com/labelled:2");

        await Eventually.IsTrueAsync(
            () => running.Watcher.Current!.NamesOf(image.Layers[0]).Contains($"docker.io/a@{image.Layers[0]}"), "the label shows");
        running.ShouldHaveListed(atMost: 1);
    }

    [Fact]
    public async Task Hundreds_of_blobs_at_once_need_few_lists()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await CommitAsync(containerd, "first");
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);
        var image = TestImage.Create("example.com/burst:1", layers: 500, layerSize: 10);

        await containerd.ImportAsync(image);

        await Eventually.IsTrueAsync(() => image.Blobs.Keys.All(running.Watcher.Current!.Contains), "all blobs show");
        await Eventually.IsTrueAsync(() => running.Watcher.NothingDue, "nothing more is asked");
        running.ShouldHaveListed(atMost: 3);
    }

    [Fact]
    public async Task A_store_that_is_wiped_is_empty_and_fills_again()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        await CommitAsync(containerd, "before");
        await using var running = await RunningWatcher.StartAsync(containerd, s_withoutPeriod);

        await containerd.KillAsync();
        Directory.Delete(Path.GetFullPath("..", containerd.ContentRoot), recursive: true);
        await containerd.RunAsync();
        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Digests.Count == 0, "the store is empty");

        var after = await CommitAsync(containerd, "after");
        await Eventually.IsTrueAsync(() => running.Watcher.Current!.Contains(after), "the new blob shows");
    }

    private static async Task<Digest> CommitAsync(ContainerdProcess containerd, string blob, string containerdNamespace = "k8s.io")
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(blob);
        await containerd.CtrAsync(containerdNamespace, new MemoryStream(bytes), "content", "ingest", $"layer-{blob}");
        return Digest.Of(SHA256.HashData(bytes));
    }
}

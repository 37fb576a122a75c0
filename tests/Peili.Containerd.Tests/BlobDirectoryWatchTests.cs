using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Tests.Support;

namespace Peili.Containerd.Tests;

public sealed class BlobDirectoryWatchTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("peili-watch-");
    private readonly StoreChanges _changes = new(TimeProvider.System);
    private readonly Dictionary<Digest, bool> _seen = [];
    private bool _everything;

    private ContentStore Store => new(Path.Combine(_root.FullName, "content"));

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task A_blob_that_comes_and_goes_is_reported()
    {
        Directory.CreateDirectory(Store.BlobDirectory);
        using var watch = Watch();
        watch.IsWatching.ShouldBeTrue();

        var digest = Commit();
        await SeesAsync(() => _seen.TryGetValue(digest, out var gone) && !gone, "the blob comes");
        File.Delete(PathOf(digest));
        await SeesAsync(() => _seen[digest], "the blob goes");
        _everything.ShouldBeFalse();
    }

    [Fact]
    public async Task What_has_no_name_of_a_blob_is_not_reported()
    {
        Directory.CreateDirectory(Store.BlobDirectory);
        using var watch = Watch();

        File.WriteAllText(Path.Combine(Store.BlobDirectory, "notes"), "");
        File.WriteAllText(Path.Combine(Store.BlobDirectory, new string('A', 64)), "");
        var digest = Commit();

        await SeesAsync(() => _seen.ContainsKey(digest), "the blob comes");
        _seen.Keys.ShouldBe([digest]);
    }

    [Fact]
    public async Task A_directory_that_comes_later_is_watched_from_then_on()
    {
        using var watch = Watch();
        watch.IsWatching.ShouldBeFalse();

        Directory.CreateDirectory(Store.BlobDirectory);
        await SeesAsync(() => _everything, "a list is asked for");

        watch.IsWatching.ShouldBeTrue();
        var digest = Commit();
        await SeesAsync(() => _seen.ContainsKey(digest), "the blob comes");
    }

    [Fact]
    public async Task A_directory_that_is_removed_and_made_anew_is_watched_again()
    {
        Directory.CreateDirectory(Store.BlobDirectory);
        using var watch = Watch();

        Directory.Delete(Store.Root, recursive: true);
        await SeesAsync(() => _everything && !watch.IsWatching, "the loss is noticed");
        _everything = false;
        Directory.CreateDirectory(Store.BlobDirectory);
        await SeesAsync(() => _everything && watch.IsWatching, "the new one is found");

        var digest = Commit();
        await SeesAsync(() => _seen.ContainsKey(digest), "the blob comes");
    }

    [Fact]
    public async Task A_directory_that_was_replaced_with_its_parents_is_found()
    {
        Directory.CreateDirectory(Store.BlobDirectory);
        using var watch = Watch();

        // Nothing happens to the watched directory itself.
        Directory.Move(Store.Root, Store.Root + ".old");
        Directory.CreateDirectory(Store.BlobDirectory);
        await SeesAsync(() => _everything, "the new one is found");

        var digest = Commit();
        await SeesAsync(() => _seen.ContainsKey(digest), "the blob comes");
    }

    [Fact]
    public void What_the_kernel_could_not_queue_means_a_list()
    {
        using var watch = Watch();

        // struct inotify_event with wd -1, mask IN_Q_OVERFLOW
        watch.Report([0xff, 0xff, 0xff, 0xff, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

        _changes.Take().Everything.ShouldBeTrue();
    }

    private BlobDirectoryWatch Watch() => new(Store, _changes, NullLogger.Instance);

    private Digest Commit()
    {
        var bytes = RandomNumberGenerator.GetBytes(100);
        var digest = Digest.Of(SHA256.HashData(bytes));
        var ingest = Path.Combine(_root.FullName, digest.Hex);
        File.WriteAllBytes(ingest, bytes);
        File.Move(ingest, PathOf(digest));
        return digest;
    }

    private string PathOf(Digest digest) => Path.Combine(Store.BlobDirectory, digest.Hex);

    private Task SeesAsync(Func<bool> condition, string what) => Eventually.IsTrueAsync(
        () =>
        {
            var batch = _changes.Take();
            _everything |= batch.Everything;
            foreach (var (digest, gone) in batch.Blobs)
            {
                _seen[digest] = gone;
            }

            return condition();
        },
        what);
}

using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Peili.Containerd.Files;
using Peili.Containerd.Ingests;
using Peili.Containerd.Tests.Support;

namespace Peili.Containerd.Tests.Ingests;

public sealed class IngestWatcherTests : IngestTest
{
    [Fact]
    public void An_ingest_is_found_as_soon_as_containerd_has_opened_it()
    {
        var watched = Watch();
        for (var i = 0; i < 100; i++)
        {
            var ingest = Open();

            var blob = watched.Find(ingest.Digest);

            blob.ShouldNotBeNull();
            blob.Digest.ShouldBe(ingest.Digest);
            blob.Total.ShouldBe(1000);
            blob.Length.ShouldBe(0);
            blob.State.ShouldBe(GrowingBlobState.Waiting);
        }
    }

    [Fact]
    public async Task A_blob_grows_and_is_committed()
    {
        var watched = Watch();
        var ingest = Open();
        await watched.TellsAsync(ingest.Digest, "Waiting");
        var blob = watched.Find(ingest.Digest)!;

        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
        blob.Length.ShouldBe(600);

        ingest.Write(400);
        ingest.Commit();
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Committed");
        blob.Length.ShouldBe(1000);
        watched.Find(ingest.Digest).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_deleted_without_a_blob_is_aborted()
    {
        var watched = Watch();
        var ingest = Open();
        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");

        ingest.Abort();

        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Aborted");
        watched.Find(ingest.Digest).ShouldBeNull();
    }

    [Fact]
    public async Task A_blob_that_another_namespace_has_does_not_make_an_aborted_ingest_committed()
    {
        var watched = Watch();
        var ingest = Open();
        Directory.CreateDirectory(Store.BlobDirectory);
        await File.WriteAllBytesAsync(Path.Combine(Store.BlobDirectory, ingest.Digest.Hex), ingest.Content, Cancelled);
        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");

        ingest.Abort();

        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Aborted");
    }

    [Fact]
    public async Task A_commit_that_finds_the_blob_there_is_one()
    {
        var watched = Watch();
        var ingest = Open();
        Directory.CreateDirectory(Store.BlobDirectory);
        await File.WriteAllBytesAsync(Path.Combine(Store.BlobDirectory, ingest.Digest.Hex), ingest.Content, Cancelled);
        ingest.Write(1000);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");

        ingest.Abort();

        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Committed");
    }

    [Fact]
    public async Task What_containerd_gives_up_before_the_first_byte_is_released()
    {
        var watched = Watch();
        var ingest = Open();
        await watched.TellsAsync(ingest.Digest, "Waiting");

        ingest.GiveUp();
        await watched.TellsAsync(ingest.Digest, "Waiting Released");
        watched.Find(ingest.Digest)!.IsActive.ShouldBeFalse();

        ingest.Abort();
        await watched.TellsAsync(ingest.Digest, "Waiting Released Aborted");
    }

    [Fact]
    public async Task What_containerd_gives_up_at_once_is_released()
    {
        var watched = Watch();
        for (var i = 0; i < 20; i++)
        {
            // The request comes when the ingest is open, and finds it; all else may have happened when the watcher gets to run.
            var ingest = Open();
            watched.Find(ingest.Digest).ShouldNotBeNull();
            ingest.GiveUp();

            await watched.TellsAsync(ingest.Digest, "Waiting Released");
        }
    }

    [Fact]
    public async Task A_released_ingest_is_resumed()
    {
        var watched = Watch();
        var ingest = Open();
        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
        var blob = watched.Find(ingest.Digest);
        ingest.GiveUp();
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Released");

        ingest.Resume();
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Released Waiting");
        ingest.Write(400);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Released Waiting Fetching");
        ingest.Commit();

        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Released Waiting Fetching Committed");
        blob!.State.ShouldBe(GrowingBlobState.Committed);
    }

    [Fact]
    public async Task Giving_up_again_is_told_again()
    {
        var watched = Watch();
        var ingest = Open();
        await watched.TellsAsync(ingest.Digest, "Waiting");
        ingest.GiveUp();
        await watched.TellsAsync(ingest.Digest, "Waiting Released");

        ingest.GiveUp();

        await watched.TellsAsync(ingest.Digest, "Waiting Released Released");
    }

    [Fact]
    public async Task What_was_there_at_the_start_counts_only_when_it_grows()
    {
        var ingest = Open();
        ingest.Write(600);
        var watched = Watch();

        var blob = watched.Find(ingest.Digest)!;
        blob.State.ShouldBe(GrowingBlobState.Waiting);
        blob.Length.ShouldBe(600);
        await watched.TellsAsync(ingest.Digest, "Waiting");

        ingest.Write(1);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
        blob.Length.ShouldBe(601);
    }

    [Fact]
    public async Task What_was_left_over_before_the_start_is_released()
    {
        var ingest = Open();
        ingest.Write(600);
        await Task.Delay(TimeSpan.FromMilliseconds(50), Cancelled);
        ingest.GiveUp();

        var watched = Watch();

        await watched.TellsAsync(ingest.Digest, "Waiting Released");
    }

    [Fact]
    public async Task What_is_not_of_the_namespace_has_no_digest_or_no_total_is_left_out()
    {
        var watched = Watch();
        var other = Keep(ImitatedIngest.Open(Store, 1000, "default"));
        var unnamed = Keep(new ImitatedIngest(Store, RandomNumberGenerator.GetBytes(1000)) { Reference = "k8s.io/1/some-upload" });
        unnamed.Open();
        var endless = Keep(new ImitatedIngest(Store, RandomNumberGenerator.GetBytes(1000)));
        endless.Open(total: false);
        var last = Open();
        await watched.TellsAsync(last.Digest, "Waiting");

        foreach (var ingest in new[] { other, unnamed, endless })
        {
            watched.Find(ingest.Digest).ShouldBeNull();
            ingest.Write(1000);
            ingest.Commit();
        }

        last.Commit();
        await watched.TellsAsync(last.Digest, "Waiting Committed");
        new[] { other, unnamed, endless }.ShouldAllBe(ingest => watched.StatesOf(ingest.Digest).Length == 0);
    }

    [Theory]
    [InlineData("index")]
    [InlineData("manifest")]
    [InlineData("config")]
    [InlineData("unknown")]
    public void Every_kind_of_blob_is_found(string kind)
    {
        var watched = Watch();

        var ingest = Keep(ImitatedIngest.Open(Store, 1000, kind: kind));

        watched.Find(ingest.Digest).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_name_half_written_is_not_taken_for_another()
    {
        var watched = Watch();
        var ingest = Keep(new ImitatedIngest(Store, RandomNumberGenerator.GetBytes(1000)));
        var other = Digest.Of(RandomNumberGenerator.GetBytes(32));
        ingest.MakeDirectory();
        await File.WriteAllTextAsync(Path.Combine(ingest.Directory, "ref"), $"k8s.io/1/layer-{other}", Cancelled);
        await File.WriteAllTextAsync(Path.Combine(ingest.Directory, "total"), "1000", Cancelled);
        ingest.OpenData();
        watched.Find(ingest.Digest).ShouldBeNull();
        watched.Find(other).ShouldBeNull();

        ingest.WriteNotes(total: false);

        await Eventually.IsTrueAsync(() => watched.Find(ingest.Digest) is not null, "it is found by its whole name");
        watched.StatesOf(other).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_directory_made_again_under_the_same_name_is_another_ingest()
    {
        var watched = Watch();
        var ingest = Open();
        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
        var before = watched.Find(ingest.Digest);

        ingest.Abort();
        using var again = new ImitatedIngest(Store, ingest.Content) { Reference = ingest.Reference };
        again.Open();

        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Aborted Waiting");
        var after = watched.Find(ingest.Digest)!;
        after.ShouldNotBeSameAs(before);
        again.Write(1000);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Aborted Waiting Fetching");
        again.Commit();
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Aborted Waiting Fetching Committed");
        after.Length.ShouldBe(1000);
    }

    [Fact]
    public async Task Without_growth_it_stalls_and_with_growth_it_goes_on()
    {
        var clock = new StandingClock();
        var watched = Watch(new IngestWatcherOptions { TimeProvider = clock });
        var ingest = Open();
        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");

        clock.Advance(TimeSpan.FromSeconds(9));
        ingest.Write(1);
        await Eventually.IsTrueAsync(() => watched.Find(ingest.Digest)!.Length == 601, "the growth is seen");
        clock.Advance(TimeSpan.FromSeconds(9));
        ingest.Write(1);
        await Eventually.IsTrueAsync(() => watched.Find(ingest.Digest)!.Length == 602, "the growth is seen");
        watched.StatesOf(ingest.Digest).ShouldBe("Waiting Fetching");

        clock.Advance(TimeSpan.FromSeconds(11));
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Stalled");

        ingest.Write(1);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Stalled Fetching");
    }

    [Fact]
    public async Task What_containerd_first_has_to_hash_stalls_later_and_what_has_no_byte_yet_never()
    {
        var clock = new StandingClock();
        var ingest = Open();
        ingest.Write(600);
        var watched = Watch(new IngestWatcherOptions { TimeProvider = clock, HashedPerSecond = 10 });
        var empty = Open();
        var begun = Open();
        begun.Write(1);
        await watched.TellsAsync(begun.Digest, "Waiting Fetching");

        clock.Advance(TimeSpan.FromSeconds(60));
        await watched.TellsAsync(begun.Digest, "Waiting Fetching Stalled");
        watched.StatesOf(ingest.Digest).ShouldBe("Waiting");

        clock.Advance(TimeSpan.FromSeconds(11));
        await watched.TellsAsync(ingest.Digest, "Waiting Stalled");
        watched.StatesOf(empty.Digest).ShouldBe("Waiting");
    }

    [Fact]
    public async Task When_containerd_dies_what_it_was_receiving_is_released()
    {
        var clock = new StandingClock();
        var watched = Watch(new IngestWatcherOptions { TimeProvider = clock });
        var ingest = Open();
        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");

        ingest.CloseData();
        await Eventually.IsTrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(10));
                return watched.StatesOf(ingest.Digest) == "Waiting Fetching Released";
            },
            "it is released");
    }

    [Fact]
    public async Task A_directory_that_comes_later_or_is_replaced_is_followed()
    {
        Directory.Delete(Store.Root, recursive: true);
        var watched = Watch();
        watched.Find(Digest.Of(new byte[32])).ShouldBeNull();

        Directory.CreateDirectory(Store.IngestDirectory);
        var first = Open();
        await watched.TellsAsync(first.Digest, "Waiting");

        Directory.Move(Store.Root, Store.Root + ".old");
        Directory.CreateDirectory(Store.IngestDirectory);
        var second = Open();
        await watched.TellsAsync(second.Digest, "Waiting");
        await watched.TellsAsync(first.Digest, "Waiting Aborted");
        second.Write(1);
        await watched.TellsAsync(second.Digest, "Waiting Fetching");
    }

    [Fact]
    public async Task Without_inotify_everything_shows_all_the_same()
    {
        using var watched = new WatchedIngests(Store, inotify: new Inotify(new SafeFileHandle(-1, ownsHandle: false)));
        var ingest = Open();
        await Eventually.IsTrueAsync(() => watched.Find(ingest.Digest) is not null, "it is found");
        var blob = watched.Find(ingest.Digest)!;

        var wait = blob.WaitPastAsync(599, Cancelled);
        ingest.Write(600);
        (await wait).ShouldBeTrue();
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
        ingest.Write(400);
        ingest.Commit();

        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Committed");
        blob.Length.ShouldBe(1000);
    }

    [Fact]
    public async Task More_than_the_bound_are_not_followed()
    {
        var watched = Watch(new IngestWatcherOptions { MaxIngests = 2, TimeProvider = new StandingClock() });
        var ingests = new[] { Open(), Open() };
        ingests.ShouldAllBe(ingest => watched.Find(ingest.Digest) != null);

        var third = Open();
        watched.Find(third.Digest).ShouldBeNull();

        ingests[0].Abort();
        await Eventually.IsTrueAsync(() => watched.Find(third.Digest) is not null, "there is room again");
    }

    [Fact]
    public async Task What_cannot_be_read_stops_nothing_else()
    {
        var watched = Watch();
        var ingest = Keep(new ImitatedIngest(Store, RandomNumberGenerator.GetBytes(1000)));
        ingest.MakeDirectory();
        ingest.WriteNotes();
        File.CreateSymbolicLink(ingest.DataPath, ingest.DataPath);
        await File.WriteAllTextAsync(Path.Combine(Store.IngestDirectory, "stray"), "", Cancelled);

        var other = Open();
        await watched.TellsAsync(other.Digest, "Waiting");
        watched.Find(ingest.Digest).ShouldBeNull();

        File.Delete(ingest.DataPath);
        ingest.OpenData();
        await watched.TellsAsync(ingest.Digest, "Waiting");
    }

    [Fact]
    public async Task No_file_stays_open()
    {
        var watched = Watch();
        var ingests = Enumerable.Range(0, 20).Select(_ => Open()).ToArray();
        var readers = ingests.Select(ingest => watched.Find(ingest.Digest)!.TryOpenReader()!).ToArray();
        foreach (var ingest in ingests)
        {
            ingest.Write(1000);
            if (ingest == ingests[0])
            {
                await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
                ingest.Truncate();
                await Eventually.IsTrueAsync(() => watched.StatesOf(ingest.Digest).Contains("Truncated", StringComparison.Ordinal), "it is seen");
            }
            else if (ingest == ingests[1])
            {
                ingest.Abort();
            }
            else
            {
                ingest.Commit();
            }
        }

        await Eventually.IsTrueAsync(() => ingests.Skip(1).All(ingest => watched.Find(ingest.Digest) is null), "they end");
        foreach (var reader in readers)
        {
            reader.Dispose();
            reader.Dispose();
            reader.Blob.TryOpenReader().ShouldBeNull();
        }

        watched.Dispose();
        ingests[0].CloseData();
        OpenFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_waits_is_told_that_the_watcher_ends()
    {
        var watched = Watch();
        var ingest = Open();
        var wait = watched.Find(ingest.Digest)!.WaitPastAsync(0, Cancelled);

        watched.Dispose();

        (await wait).ShouldBeFalse();
        watched.Find(ingest.Digest).ShouldBeNull();
    }

    private IEnumerable<string> OpenFiles() => Directory.GetFiles("/proc/self/fd")
        .Select(path => new FileInfo(path).LinkTarget ?? string.Empty)
        .Where(target => target.StartsWith(Store.Root, StringComparison.Ordinal));
}

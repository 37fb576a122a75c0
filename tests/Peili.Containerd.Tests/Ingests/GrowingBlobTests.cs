using System.Security.Cryptography;
using Peili.Containerd.Ingests;
using Peili.Containerd.Tests.Support;

namespace Peili.Containerd.Tests.Ingests;

public sealed class GrowingBlobTests : IngestTest
{
    [Fact]
    public async Task Many_readers_get_the_right_bytes_while_it_grows()
    {
        var watched = Watch();
        var ingest = Open(8_000_000);
        var blob = watched.Find(ingest.Digest)!;
        var readers = Enumerable.Range(0, 16).Select(i => ReadAsync(blob, from: i * 100_000L)).ToArray();

        var random = new Random(1);
        while (ingest.Written < ingest.Content.Length)
        {
            ingest.Write(Math.Min(random.Next(1, 100_000), ingest.Content.Length - ingest.Written));
            await Task.Delay(random.Next(2), Cancelled);
        }

        ingest.Commit();
        for (var i = 0; i < readers.Length; i++)
        {
            (await readers[i]).AsSpan().SequenceEqual(ingest.Content.AsSpan(i * 100_000)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Who_begins_while_it_is_committed_reads_it_to_the_end()
    {
        var watched = Watch();
        var ingest = Open(100_000);
        ingest.Write(100_000);
        using var reader = watched.Find(ingest.Digest)!.TryOpenReader()!;
        ingest.Commit();
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Committed");
        File.Delete(Path.Combine(Store.BlobDirectory, ingest.Digest.Hex));

        var buffer = new byte[200_000];
        (await reader.ReadAsync(buffer, 0, Cancelled)).ShouldBe(100_000);
        buffer.AsSpan(0, 100_000).SequenceEqual(ingest.Content).ShouldBeTrue();
        (await reader.ReadAsync(buffer, 100_000, Cancelled)).ShouldBe(0);
    }

    [Fact]
    public async Task A_reader_waits_for_the_byte_it_wants()
    {
        var watched = Watch();
        var ingest = Open();
        var blob = watched.Find(ingest.Digest)!;
        ingest.Write(500);
        await Eventually.IsTrueAsync(() => blob.Length == 500, "the growth is seen");

        (await blob.WaitPastAsync(499, Cancelled)).ShouldBeTrue();
        var wait = blob.WaitPastAsync(500, Cancelled).AsTask();
        var longer = blob.WaitPastAsync(900, Cancelled).AsTask();
        wait.IsCompleted.ShouldBeFalse();

        ingest.Write(1);
        (await wait).ShouldBeTrue();
        longer.IsCompleted.ShouldBeFalse();
        ingest.Abort();
        (await longer).ShouldBeFalse();
        blob.State.ShouldBe(GrowingBlobState.Aborted);
    }

    [Fact]
    public async Task A_wait_is_cancelled_alone_and_its_place_is_used_again()
    {
        var watched = Watch();
        var ingest = Open();
        var blob = watched.Find(ingest.Digest)!;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var other = blob.WaitPastAsync(0, Cancelled).AsTask();
        for (var i = 0; i < 10; i++)
        {
            using var mine = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var wait = blob.WaitPastAsync(0, mine.Token).AsTask();
            await mine.CancelAsync();
            (await Should.ThrowAsync<OperationCanceledException>(wait)).CancellationToken.ShouldBe(mine.Token);
        }

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(blob.WaitPastAsync(0, cancellation.Token).AsTask());
        other.IsCompleted.ShouldBeFalse();
        ingest.Write(1);
        (await other).ShouldBeTrue();
    }

    [Fact]
    public async Task Cancellation_and_growth_at_once_end_every_wait_once()
    {
        var watched = Watch();
        var ingest = Open(2000);
        var blob = watched.Find(ingest.Digest)!;
        for (var i = 0; i < 200; i++)
        {
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var waits = Enumerable.Range(0, 4).Select(_ => blob.WaitPastAsync(i, cancellation.Token).AsTask()).ToArray();
            var growing = Task.Run(() => ingest.Write(1), Cancelled);
            await cancellation.CancelAsync();
            await growing;
            await Task.WhenAll(waits.Select(async wait => (await IsCancelledAsync(wait) || await wait).ShouldBeTrue()));
            (await blob.WaitPastAsync(i, Cancelled)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task What_was_thrown_away_is_not_read()
    {
        var watched = Watch();
        var ingest = Open();
        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
        var blob = watched.Find(ingest.Digest)!;
        using var reader = blob.TryOpenReader()!;
        var waiting = blob.WaitPastAsync(600, Cancelled).AsTask();
        var buffer = new byte[1000];
        (await reader.ReadAsync(buffer, 0, Cancelled)).ShouldBe(600);

        // Before the watcher can have seen it, and after.
        ingest.Truncate();
        (await reader.ReadAsync(buffer, 0, Cancelled)).ShouldBe(0);
        (await waiting).ShouldBeFalse();
        ingest.Write(1000);

        await watched.TellsAsync(ingest.Digest, "Waiting Fetching Truncated Waiting Fetching");
        (await reader.ReadAsync(buffer, 0, Cancelled)).ShouldBe(0);
        blob.TryOpenReader().ShouldBeNull();
        var next = watched.Find(ingest.Digest)!;
        next.Length.ShouldBe(1000);
        using var second = next.TryOpenReader()!;
        (await second.ReadAsync(buffer, 0, Cancelled)).ShouldBe(1000);
        buffer.ShouldBe(ingest.Content);
    }

    [Fact]
    public async Task Who_waits_is_told_that_containerd_gave_up_and_may_read_what_there_is()
    {
        var watched = Watch();
        var ingest = Open();
        ingest.Write(600);
        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
        var blob = watched.Find(ingest.Digest)!;
        var wait = blob.WaitPastAsync(600, Cancelled);
        using var reader = blob.TryOpenReader()!;

        ingest.GiveUp();

        (await wait).ShouldBeFalse();
        var buffer = new byte[1000];
        (await reader.ReadAsync(buffer, 100, Cancelled)).ShouldBe(500);
        buffer.AsSpan(0, 500).SequenceEqual(ingest.Content.AsSpan(100, 500)).ShouldBeTrue();
    }

    [Fact]
    public async Task More_than_was_announced_is_not_read()
    {
        var watched = Watch();
        var content = RandomNumberGenerator.GetBytes(1000);
        var ingest = Keep(new ImitatedIngest(Store, content));
        ingest.Open();
        var blob = watched.Find(ingest.Digest)!;
        await File.WriteAllBytesAsync(ingest.DataPath, new byte[2000], Cancelled);

        await watched.TellsAsync(ingest.Digest, "Waiting Fetching");
        await Eventually.IsTrueAsync(() => blob.Length == 1000, "all there is");
    }

    private static async Task<bool> IsCancelledAsync(Task wait)
    {
        await Task.WhenAny(wait);
        return wait.IsCanceled;
    }

    private async Task<byte[]> ReadAsync(GrowingBlob blob, long from)
    {
        using var reader = blob.TryOpenReader()!;
        using var read = new MemoryStream();
        var buffer = new byte[50_000];
        while (await reader.ReadAsync(buffer, from + read.Length, Cancelled) is > 0 and var count)
        {
            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }
}

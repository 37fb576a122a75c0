using System.Security.Cryptography;
using System.Text;
using Peili.Containerd.Files;

namespace Peili.Containerd.Ingests;

/// <summary>
/// The directory of one ingest, <c>ingest/&lt;hash of ref&gt;</c>. containerd makes in it, in this order, <c>ref</c>, <c>startedat</c>,
/// <c>updatedat</c>, <c>total</c> and <c>data</c>; when it gives up it replaces <c>updatedat</c>; to commit it renames <c>data</c> to the blob's
/// and deletes the rest; to abort it deletes everything. What is found is judged by how it is now, not by what happened, so that nothing
/// depends on every event being seen.
/// </summary>
/// <param name="name">Its name, which is the SHA-256 hash of what is in <c>ref</c>.</param>
/// <param name="store">Where it is.</param>
/// <param name="isOld">Whether it may have been there for long, so that bytes in it do not mean that more come.</param>
/// <param name="options">The bounds.</param>
/// <param name="changed">Told of every new state of a blob.</param>
internal sealed class IngestFolder(
    Digest name, ContentStore store, bool isOld, IngestWatcherOptions options, Action<GrowingBlob, GrowingBlobState> changed)
{
    // From the last close of the file to its rename takes containerd microseconds; giving up is told by updatedat. So what is left is a
    // containerd that died, or found the wrong bytes.
    private static readonly TimeSpan s_longestCommit = TimeSpan.FromSeconds(1);

    private readonly string _dataPath = System.IO.Path.Combine(store.IngestDirectory, name.Hex, "data");
    private readonly string _updatedPath = System.IO.Path.Combine(store.IngestDirectory, name.Hex, "updatedat");
    private bool _isOld = isOld;
    private Digest? _expected;
    private FileStatus? _updated;
    private long _lastProgress;
    private TimeSpan _toHash;
    private long? _closed;

    public Digest Name { get; } = name;

    public string Path { get; } = System.IO.Path.Combine(store.IngestDirectory, name.Hex);

    /// <summary>Which watch is on it; negative when none is.</summary>
    public int Descriptor { get; set; } = -1;

    /// <summary>Whether it was said that it cannot be read.</summary>
    public bool IsReported { get; set; }

    /// <summary>Whether it is of no interest: another namespace's, no blob of known digest, or of unknown length.</summary>
    public bool IsForeign { get; private set; }

    /// <summary>What it receives; null until <c>data</c> is there, and once it has gone.</summary>
    public GrowingBlob? Blob { get; private set; }

    /// <summary>Judges how it stands; false when the directory is gone.</summary>
    /// <param name="containerdNamespace">The namespace that is of interest.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool Look(string containerdNamespace)
    {
        if (Blob is { } blob)
        {
            Follow(blob);
        }

        if (Blob is null && !IsForeign)
        {
            Identify(containerdNamespace);
            if (_expected is { } expected)
            {
                Begin(expected);
            }
        }

        return Blob is not null || Directory.Exists(Path);
    }

    /// <summary>The data was closed by whoever wrote to it.</summary>
    public void OnClosed() => _closed = Blob is { IsActive: true } ? Now() : null;

    /// <summary>
    /// <c>updatedat</c> was replaced. After a close that means giving up, also where it came so soon that neither the file nor its time differ from
    /// those of the first look.
    /// </summary>
    public void OnUpdated()
    {
        if (_closed is not null && Blob is { } blob)
        {
            GiveUp(blob);
        }
    }

    /// <summary>containerd has read the data, which it does to go on with it: the request comes next.</summary>
    public void OnHashed()
    {
        _closed = null;
        if (Blob is { State: not GrowingBlobState.Fetching } blob)
        {
            _lastProgress = Now();
            _toHash = TimeSpan.Zero;
            Change(blob, GrowingBlobState.Waiting, blob.Length);
        }
    }

    /// <summary>Ends its being followed, untold.</summary>
    public void Abandon()
    {
        Blob?.Set(GrowingBlobState.Released, Blob.Length);
        Blob?.Release();
        Blob = null;
    }

    private void Identify(string containerdNamespace)
    {
        // What is half written does not have the hash.
        if (_expected is null
            && ContentStore.ReadNote(Path, "ref") is { } note
            && Digest.Of(SHA256.HashData(Encoding.UTF8.GetBytes(note))) == Name)
        {
            IsForeign = !IngestReference.TryParse(note, out var reference) || reference.Namespace != containerdNamespace || reference.Expected is null;
            _expected = IsForeign ? null : reference.Expected;
        }
    }

    private void Begin(Digest expected)
    {
        if (NativeMethods.TryOpen(_dataPath) is not { } data)
        {
            return;
        }

        if (ContentStore.ReadTotal(Path) is not { } total)
        {
            data.Dispose();
            IsForeign = true;
            return;
        }

        var status = FileStatus.Read(data);
        var blob = new GrowingBlob(expected, total, data, status);
        Blob = blob;
        _updated = null;
        _closed = null;
        _lastProgress = Now();
        _toHash = TimeSpan.FromSeconds((double)blob.Length / options.HashedPerSecond);
        changed(blob, GrowingBlobState.Waiting);
        if (blob.Length > 0 && !_isOld)
        {
            Change(blob, GrowingBlobState.Fetching, blob.Length);
        }

        _isOld = false;
        Rest(blob, status);
    }

    private void Follow(GrowingBlob blob)
    {
        var isNamed = FileStatus.TryRead(_dataPath, out var named) && named.Identity == blob.Identity;
        var data = blob.ReadStatus();
        if (!isNamed)
        {
            // A blob that another namespace had before leaves no link to this file either, once this one is complete.
            var isWhole = data.Links > 0 || data.Length == blob.Total;
            End(blob, isWhole && store.HasBlob(blob.Digest) ? GrowingBlobState.Committed : GrowingBlobState.Aborted, data.Length);
        }
        else if (data.Length < blob.Length)
        {
            End(blob, GrowingBlobState.Truncated, blob.Length);
        }
        else
        {
            if (data.Length > blob.Length && blob.Length < blob.Total)
            {
                _lastProgress = Now();
                _toHash = TimeSpan.Zero;
                _closed = null;
                Change(blob, GrowingBlobState.Fetching, data.Length);
            }

            Rest(blob, data);
        }
    }

    /// <summary>Judges whether it goes on.</summary>
    private void Rest(GrowingBlob blob, FileStatus data)
    {
        if (IsGivenUp(data))
        {
            GiveUp(blob);
        }
        else if (blob.IsActive && Since(_closed) > s_longestCommit)
        {
            Change(blob, GrowingBlobState.Released, blob.Length);
        }
        else if (blob is { IsActive: true, Length: > 0 } && Since(_lastProgress) > options.StallAfter + _toHash)
        {
            Change(blob, GrowingBlobState.Stalled, blob.Length);
        }
    }

    private void GiveUp(GrowingBlob blob)
    {
        // Told also when it was so before: then a pull has tried in vain to go on.
        _closed = null;
        blob.Set(GrowingBlobState.Released, blob.Length);
        changed(blob, GrowingBlobState.Released);
    }

    /// <summary>Whether <c>updatedat</c> was replaced since the last look, or before the first and after the last write.</summary>
    private bool IsGivenUp(FileStatus data)
    {
        if (!FileStatus.TryRead(_updatedPath, out var updated))
        {
            return false;
        }

        var replaced = _updated is { } before ? before != updated : updated.Modified > data.Modified;
        _updated = updated;
        return replaced;
    }

    private void Change(GrowingBlob blob, GrowingBlobState state, long length)
    {
        if (blob.Set(state, length))
        {
            changed(blob, state);
        }
    }

    private void End(GrowingBlob blob, GrowingBlobState state, long length)
    {
        Change(blob, state, length);
        blob.Release();
        Blob = null;
    }

    private long Now() => options.TimeProvider.GetTimestamp();

    private TimeSpan Since(long? timestamp) => timestamp is { } then ? options.TimeProvider.GetElapsedTime(then) : TimeSpan.Zero;
}

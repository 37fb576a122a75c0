using Microsoft.Win32.SafeHandles;
using Peili.Containerd.Files;

namespace Peili.Containerd.Ingests;

/// <summary>
/// A blob that containerd is receiving: a file that grows, of which every byte up to <see cref="Length"/> is final. It is read while it
/// grows, by any number of readers, from the file itself. Nothing has verified the bytes; whoever reads all of them can. Safe for use by
/// many threads.
/// </summary>
public sealed class GrowingBlob
{
    private readonly SafeFileHandle _data;
    private readonly Lock _lock = new();
    private readonly List<GrowthWaiter> _waiters = [];
    private readonly Stack<GrowthWaiter> _spareWaiters = [];
    private long _length;
    private volatile GrowingBlobState _state;
    private int _owners = 1;

    internal GrowingBlob(Digest digest, long total, SafeFileHandle data, FileStatus status)
    {
        Digest = digest;
        Total = total;
        _data = data;
        Identity = status.Identity;
        _length = Math.Min(status.Length, total);
    }

    /// <summary>What containerd expects it to be.</summary>
    public Digest Digest { get; }

    /// <summary>The length in bytes it is to reach, as the manifest has it.</summary>
    public long Total { get; }

    /// <summary>How many bytes there are to be read; once ended, how many there were.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>How it goes, as last seen.</summary>
    public GrowingBlobState State => _state;

    /// <summary>Whether more is to be expected just now.</summary>
    public bool IsActive => _state is GrowingBlobState.Waiting or GrowingBlobState.Fetching;

    /// <summary>The inode's number.</summary>
    internal ulong Identity { get; }

    internal bool HasWaiters
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count > 0;
            }
        }
    }

    /// <summary>
    /// Waits until there are more than <paramref name="mark"/> bytes: true. False when that is not to be expected: it is no longer
    /// <see cref="IsActive"/>, or was truncated. As a rule nothing is allocated; the result is to be awaited once, as every ValueTask's is.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public ValueTask<bool> WaitPastAsync(long mark, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        GrowthWaiter waiter;
        lock (_lock)
        {
            if (IsDecided(mark, out var more))
            {
                return new ValueTask<bool>(more);
            }

            waiter = _spareWaiters.TryPop(out var spare) ? spare : new GrowthWaiter(this);
            waiter.Mark = mark;
            _waiters.Add(waiter);
        }

        return waiter.Start(cancellationToken);
    }

    /// <summary>
    /// Opens it for reading; null when it has ended and nobody reads it any more, so that its file is closed: a committed blob is in the
    /// content store. Readers opened before go on after the commit.
    /// </summary>
    public GrowingBlobReader? TryOpenReader()
    {
        lock (_lock)
        {
            if (_owners == 0 || _state == GrowingBlobState.Truncated)
            {
                return null;
            }

            _owners++;
            return new GrowingBlobReader(this, _data);
        }
    }

    internal FileStatus ReadStatus() => FileStatus.Read(_data);

    /// <summary>Takes note of what was seen; true when that is another state than before.</summary>
    internal bool Set(GrowingBlobState state, long length)
    {
        lock (_lock)
        {
            var changed = state != _state;
            _state = state;
            Volatile.Write(ref _length, Math.Max(_length, Math.Min(length, Total)));
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                var waiter = _waiters[i];
                if (IsDecided(waiter.Mark, out var more))
                {
                    _waiters.RemoveAt(i);
                    waiter.Complete(more);
                }
            }

            return changed;
        }
    }

    /// <summary>Gives up a claim on the file, which is closed with the last.</summary>
    internal void Release()
    {
        lock (_lock)
        {
            if (--_owners == 0)
            {
                _data.Dispose();
            }
        }
    }

    /// <summary>Ends a wait early; false when it is over already.</summary>
    internal bool TryRemove(GrowthWaiter waiter)
    {
        lock (_lock)
        {
            return _waiters.Remove(waiter);
        }
    }

    internal void TakeBack(GrowthWaiter waiter)
    {
        lock (_lock)
        {
            _spareWaiters.Push(waiter);
        }
    }

    private bool IsDecided(long mark, out bool more)
    {
        more = _length > mark && _state != GrowingBlobState.Truncated;
        return more || !IsActive;
    }
}

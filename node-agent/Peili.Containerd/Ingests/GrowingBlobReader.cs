using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Peili.Containerd.Ingests;

/// <summary>
/// One reader of a growing blob. It keeps the file open, also past the commit, until it is disposed. For one thread at a time.
/// </summary>
public sealed class GrowingBlobReader : IDisposable
{
    private readonly SafeFileHandle _data;
    private bool _disposed;

    internal GrowingBlobReader(GrowingBlob blob, SafeFileHandle data)
    {
        Blob = blob;
        _data = data;
    }

    /// <summary>What is read.</summary>
    public GrowingBlob Blob { get; }

    /// <summary>
    /// Reads what there is from <paramref name="offset"/> on, having waited for it if need be. 0 when no more is to be had: at the end, or
    /// because the blob is no longer <see cref="GrowingBlob.IsActive"/>; its <see cref="GrowingBlob.State"/> says which. Bytes that
    /// containerd has thrown away since are never returned.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token fired while it waited.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset >= Blob.Total || !await Blob.WaitPastAsync(offset, cancellationToken))
        {
            return 0;
        }

        var length = Blob.Length;
        var wanted = (int)Math.Min(buffer.Length, length - offset);
        var count = RandomAccess.Read(_data, buffer.Span[..wanted], offset);

        // The watcher may not have seen it yet.
        return Blob.State != GrowingBlobState.Truncated && Blob.ReadStatus().Length >= length ? count : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Blob.Release();
        }
    }
}

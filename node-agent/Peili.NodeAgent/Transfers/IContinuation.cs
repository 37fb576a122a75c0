namespace Peili.NodeAgent.Transfers;

/// <summary>Who goes on with a content when a peer's body ends early.</summary>
internal interface IContinuation
{
    /// <summary>A body that begins at a byte; null when nobody goes on.</summary>
    /// <param name="ended">The body that ended: failed, fell silent, or was closed.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="end">The offset after the last one.</param>
    /// <param name="cancellationToken">Fires when the client left.</param>
    ValueTask<BodyStream?> GoOnAsync(BodyStream ended, long offset, long end, CancellationToken cancellationToken);

    /// <summary>Bytes came. False when they come so slowly that this node had better fetch by itself: the transfer then ends where it is.</summary>
    ValueTask<bool> ProgressAsync(long offset, CancellationToken cancellationToken);
}

using Peili.Containerd;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>What this node's containerd holds in the configured namespace.</summary>
internal sealed partial class LocalContent(ImageStoreWatcher watcher, RegistryPolicy policy, ILogger<LocalContent> logger)
{
    /// <summary>Opens what <paramref name="request"/> names; null when it is not here, or not to be mirrored.</summary>
    public async ValueTask<LocalBlob?> OpenAsync(ContentRequest request, CancellationToken cancellationToken)
    {
        var snapshot = watcher.Current;
        if (watcher.ContentStore is not { } store || Resolve(request, snapshot) is not { } digest || Open(store, digest) is not { } file)
        {
            return null;
        }

        // The store is shared by containerd's namespaces: a file there need not be ours.
        var contentType = await watcher.ContainsAsync(digest, cancellationToken)
            && policy.Check(request, digest, snapshot?.NamesOf(digest) ?? []) is null
            ? ContentTypeOf(request, file, digest)
            : null;
        if (contentType is null)
        {
            file.Dispose();
            return null;
        }

        return new LocalBlob(digest, contentType, file);
    }

    private static Digest? Resolve(ContentRequest request, ImageStoreSnapshot? snapshot) =>
        request.Digest ?? (snapshot is not null && snapshot.TryResolve(request.QualifiedName, out var digest) ? digest : null);

    private BlobFile? Open(ContentStore store, Digest digest)
    {
        try
        {
            return store.TryOpenBlob(digest);
        }
        catch (IOException exception)
        {
            LogUnreadable(digest, exception.Message);
            return null;
        }
    }

    private string? ContentTypeOf(ContentRequest request, BlobFile file, Digest digest)
    {
        if (request.Path.Kind == ContentKind.Blob)
        {
            return ContentTypes.Blob;
        }

        if (file.Length > TransferLimits.MaxBuffered)
        {
            return null;
        }

        var bytes = new byte[file.Length];
        try
        {
            var read = RandomAccess.Read(file.Handle, bytes, 0);
            return ContentTypes.Of(request.Path.Kind, bytes.AsSpan(0, read));
        }
        catch (IOException exception)
        {
            LogUnreadable(digest, exception.Message);
            return null;
        }
    }

    [LoggerMessage(EventId = 401, Level = LogLevel.Error, Message = "Cannot read {Digest}: {Reason}. Check this node's disk and the agent's mounts")]
    private partial void LogUnreadable(Digest digest, string reason);
}

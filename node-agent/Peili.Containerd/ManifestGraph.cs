using Microsoft.Extensions.Logging;

namespace Peili.Containerd;

/// <summary>
/// Which blobs an image consists of, read from its manifests. What was read is kept from one list of the store to the next, for a
/// digest never changes its meaning.
/// </summary>
internal sealed partial class ManifestGraph(ILogger logger)
{
    private const int MaxIndexDepth = 8;

    private Dictionary<Digest, Reference[]> _kept = [];
    private Dictionary<Digest, Reference[]> _used = [];

    /// <summary>Adds the target and everything below it, as far as the manifests are in the store.</summary>
    public void Collect(Digest target, ContentStore? store, HashSet<Digest> reached) =>
        Collect(new Reference(target, IsManifest: true), store, reached, MaxIndexDepth);

    /// <summary>Forgets what was not asked for since the last time: the manifests of images that are gone.</summary>
    public void Trim()
    {
        _kept = _used;
        _used = new Dictionary<Digest, Reference[]>(_kept.Count);
    }

    private void Collect(Reference reference, ContentStore? store, HashSet<Digest> reached, int depth)
    {
        if (!reached.Add(reference.Digest) || !reference.IsManifest || depth == 0)
        {
            return;
        }

        foreach (var child in GetChildren(reference.Digest, store))
        {
            Collect(child, store, reached, depth - 1);
        }
    }

    private Reference[] GetChildren(Digest digest, ContentStore? store)
    {
        if (_used.TryGetValue(digest, out var children))
        {
            return children;
        }

        if (!_kept.TryGetValue(digest, out children))
        {
            // An index often refers to platforms that were never pulled. One may come later, so absence is not kept.
            children = Read(digest, store);
            if (children is null)
            {
                return [];
            }
        }

        _used.Add(digest, children);
        return children;
    }

    private Reference[]? Read(Digest digest, ContentStore? store)
    {
        try
        {
            var children = new List<Descriptor>();
            return store?.TryReadBlob(digest, Manifest.MaxLength) is not { } json ? null
                : Manifest.TryReadChildren(json, children)
                    ? [.. children.Select(child => new Reference(child.Digest, MediaTypes.IsManifest(child.MediaType)))]
                    : [];
        }
        catch (IOException unreadable)
        {
            LogUnreadable(unreadable, digest);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Could not read manifest {Digest} in the content store")]
    private partial void LogUnreadable(Exception error, Digest digest);

    private readonly record struct Reference(Digest Digest, bool IsManifest);
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Peili.Containerd;

/// <summary>What containerd had committed in the namespace when it was last listed. Immutable.</summary>
public sealed class ImageStoreSnapshot
{
    private readonly Dictionary<string, Digest> _images;
    private readonly Dictionary<Digest, Blob> _blobs;

    internal ImageStoreSnapshot(Dictionary<string, Digest> images, Dictionary<Digest, Blob> blobs)
    {
        _images = images;
        _blobs = blobs;
    }

    /// <summary>The number of image names.</summary>
    public int Images => _images.Count;

    /// <summary>Every image name, and what it stands for.</summary>
    public IReadOnlyDictionary<string, Digest> Targets => _images;

    /// <summary>Every committed blob.</summary>
    public IReadOnlyCollection<Digest> Digests => _blobs.Keys;

    /// <summary>Finds what an image name stands for. Names are containerd's own, spelt out: <c>docker.io/library/x:1</c>.</summary>
    public bool TryResolve(string imageName, out Digest target) => _images.TryGetValue(imageName, out target);

    /// <summary>The size of a blob in bytes; false when it is not here.</summary>
    public bool TryGetSize(Digest digest, out long size)
    {
        var found = _blobs.TryGetValue(digest, out var blob);
        size = blob.Size;
        return found;
    }

    /// <summary>Whether the blob is here.</summary>
    public bool Contains(Digest digest) => _blobs.ContainsKey(digest);

    /// <summary>
    /// The names a blob goes by: every image it is a part of, and <c>host/repository@sha256:..</c> for every repository that
    /// containerd says it was pulled from. Empty when it is not here, or belongs to no image.
    /// </summary>
    public ImmutableArray<string> NamesOf(Digest digest) => _blobs.TryGetValue(digest, out var blob)
        ? [.. blob.ImageNames, .. blob.Sources.Select(source => $"{source}@{digest}")]
        : [];

    /// <summary>Whether the other says the same in everything.</summary>
    internal bool IsSameAs(ImageStoreSnapshot other) =>
        _images.Count == other._images.Count
        && _blobs.Count == other._blobs.Count
        && _images.All(image => other._images.TryGetValue(image.Key, out var target) && target == image.Value)
        && _blobs.All(blob => other._blobs.TryGetValue(blob.Key, out var twin) && twin.IsSameAs(blob.Value));

    /// <summary>What is known of one blob.</summary>
    /// <param name="Size">In bytes.</param>
    /// <param name="ImageNames">The images it is a part of.</param>
    /// <param name="Sources">Where it was pulled from, as <c>host/repository</c>.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Blob(long Size, string[] ImageNames, string[] Sources)
    {
        public bool IsSameAs(Blob other) =>
            Size == other.Size && ImageNames.SequenceEqual(other.ImageNames) && Sources.SequenceEqual(other.Sources);
    }
}

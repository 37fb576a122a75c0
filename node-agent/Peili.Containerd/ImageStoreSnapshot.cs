using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Peili.Containerd;

/// <summary>What containerd had committed in the namespace when it was last listed. Immutable.</summary>
public sealed class ImageStoreSnapshot
{
    internal ImageStoreSnapshot(IReadOnlyDictionary<string, Digest> targets, Dictionary<Digest, Blob> blobs)
    {
        Targets = targets;
        Blobs = blobs;
    }

    /// <summary>The number of image names.</summary>
    public int Images => Targets.Count;

    /// <summary>Every image name, and what it stands for.</summary>
    public IReadOnlyDictionary<string, Digest> Targets { get; }

    /// <summary>Every committed blob.</summary>
    public IReadOnlyCollection<Digest> Digests => Blobs.Keys;

    /// <summary>What is known of each blob. Not to be changed.</summary>
    internal Dictionary<Digest, Blob> Blobs { get; }

    /// <summary>Finds what an image name stands for. Names are containerd's own, spelt out: <c>docker.io/library/x:1</c>.</summary>
    public bool TryResolve(string imageName, out Digest target) => Targets.TryGetValue(imageName, out target);

    /// <summary>The size of a blob in bytes; false when it is not here.</summary>
    public bool TryGetSize(Digest digest, out long size)
    {
        var found = Blobs.TryGetValue(digest, out var blob);
        size = blob.Size;
        return found;
    }

    /// <summary>Whether the blob is here.</summary>
    public bool Contains(Digest digest) => Blobs.ContainsKey(digest);

    /// <summary>
    /// The names a blob goes by: every image it is a part of, and <c>host/repository@sha256:..</c> for every repository that
    /// containerd says it was pulled from. Empty when it is not here, or belongs to no image.
    /// </summary>
    public ImmutableArray<string> NamesOf(Digest digest) => Blobs.TryGetValue(digest, out var blob)
        ? [.. blob.ImageNames, .. blob.Sources.Select(source => $"{source}@{digest}")]
        : [];

    /// <summary>The images a blob is a part of; empty when it is not here.</summary>
    public IReadOnlyList<string> ImagesOf(Digest digest) => Blobs.TryGetValue(digest, out var blob) ? blob.ImageNames : [];

    /// <summary>Whether the other says the same in everything.</summary>
    internal bool IsSameAs(ImageStoreSnapshot other) =>
        Targets.Count == other.Targets.Count
        && Blobs.Count == other.Blobs.Count
        && Targets.All(image => other.Targets.TryGetValue(image.Key, out var target) && target == image.Value)
        && Blobs.All(blob => other.Blobs.TryGetValue(blob.Key, out var twin) && twin.IsSameAs(blob.Value));

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

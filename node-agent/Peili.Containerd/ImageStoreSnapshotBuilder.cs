using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peili.Containerd.Api;
using Blob = Peili.Containerd.ImageStoreSnapshot.Blob;

namespace Peili.Containerd;

/// <summary>
/// Puts containerd's content and images together. There are tens of thousands of blobs, of few images and fewer repositories: what
/// they share is kept once.
/// </summary>
internal sealed class ImageStoreSnapshotBuilder
{
    private readonly Dictionary<Digest, Blob> _blobs;
    private readonly SourceLabels _sourceLabels = new();
    private IReadOnlyDictionary<string, Digest> _images = new Dictionary<string, Digest>();

    /// <summary>Begins with nothing.</summary>
    /// <param name="expectedBlobs">About how many there will be.</param>
    public ImageStoreSnapshotBuilder(int expectedBlobs) => _blobs = new Dictionary<Digest, Blob>(expectedBlobs);

    /// <summary>Begins with what another snapshot has.</summary>
    public ImageStoreSnapshotBuilder(ImageStoreSnapshot earlier)
    {
        _images = earlier.Targets;
        _blobs = new Dictionary<Digest, Blob>(earlier.Blobs);
    }

    /// <summary>Takes up a blob, given as an <see cref="Info"/>; one not named by SHA-256 is left out.</summary>
    /// <returns>Whether it is labelled with where it was pulled from.</returns>
    public bool Add(ReadOnlySpan<byte> info)
    {
        var named = false;
        var digest = default(Digest);
        long size = 0;
        string[] sources = [];
        var reader = new ProtobufReader(info);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case Info.DigestFieldNumber:
                    named = Digest.TryParse(reader.Bytes, out digest);
                    break;
                case Info.SizeFieldNumber:
                    size = (long)reader.Varint;
                    break;
                case Info.LabelsFieldNumber when _sourceLabels.Read(reader.Bytes) is { Length: > 0 } more:
                    sources = sources.Length == 0 ? more : [.. sources, .. more];
                    break;
            }
        }

        if (named)
        {
            _blobs[digest] = new Blob(size, [], sources);
        }

        return sources.Length > 0;
    }

    public void Remove(Digest digest) => _blobs.Remove(digest);

    public void SetImages(IEnumerable<Image> images)
    {
        // Not in place: they may be the earlier snapshot's.
        var targets = new Dictionary<string, Digest>();
        _images = targets;
        foreach (var image in images)
        {
            targets[image.Name] = image.Target.Digest;
        }
    }

    /// <summary>Ends the list. Without a store nothing is known of what images consist of.</summary>
    public ImageStoreSnapshot Build(ManifestGraph manifests, ContentStore? store)
    {
        foreach (var digest in _blobs.Keys)
        {
            ref var blob = ref CollectionsMarshal.GetValueRefOrNullRef(_blobs, digest);
            blob = blob with { ImageNames = [] };
        }

        var reached = new HashSet<Digest>();
        var shared = new Dictionary<Digest, List<string>>();
        foreach (var (target, names) in NamesOfTargets())
        {
            reached.Clear();
            manifests.Collect(target, store, reached);
            foreach (var digest in reached)
            {
                ref var blob = ref CollectionsMarshal.GetValueRefOrNullRef(_blobs, digest);
                if (Unsafe.IsNullRef(ref blob))
                {
                    continue;
                }

                if (blob.ImageNames.Length == 0)
                {
                    blob = blob with { ImageNames = names };
                    continue;
                }

                ref var all = ref CollectionsMarshal.GetValueRefOrAddDefault(shared, digest, out _);
                (all ??= [.. blob.ImageNames]).AddRange(names);
            }
        }

        manifests.Trim();
        foreach (var (digest, names) in shared)
        {
            _blobs[digest] = _blobs[digest] with { ImageNames = [.. names] };
        }

        return new ImageStoreSnapshot(_images, _blobs);
    }

    private Dictionary<Digest, string[]> NamesOfTargets() =>
        _images.GroupBy(image => image.Value, image => image.Key).ToDictionary(names => names.Key, names => names.ToArray());
}

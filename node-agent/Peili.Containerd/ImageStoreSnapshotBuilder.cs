using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peili.Containerd.Api;
using Blob = Peili.Containerd.ImageStoreSnapshot.Blob;

namespace Peili.Containerd;

/// <summary>
/// Puts one list of containerd's content and images together. There are tens of thousands of blobs, of few images and fewer
/// repositories: what they share is kept once.
/// </summary>
/// <param name="expectedBlobs">About how many there will be.</param>
internal sealed class ImageStoreSnapshotBuilder(int expectedBlobs)
{
    private readonly Dictionary<string, Digest> _images = [];
    private readonly Dictionary<Digest, Blob> _blobs = new(expectedBlobs);
    private readonly SourceLabels _sourceLabels = new();
    private readonly Dictionary<Digest, List<string>> _namesOfTargets = [];

    /// <summary>Takes up a blob, given as an <see cref="Info"/>; one not named by SHA-256 is left out.</summary>
    public void Add(ReadOnlySpan<byte> info)
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
    }

    public void Add(Image image)
    {
        _images[image.Name] = image.Target.Digest;
        ref var names = ref CollectionsMarshal.GetValueRefOrAddDefault(_namesOfTargets, image.Target.Digest, out _);
        (names ??= []).Add(image.Name);
    }

    /// <summary>Ends the list. Without a store nothing is known of what images consist of.</summary>
    public ImageStoreSnapshot Build(ManifestGraph manifests, ContentStore? store)
    {
        var reached = new HashSet<Digest>();
        var shared = new Dictionary<Digest, List<string>>();
        foreach (var (target, list) in _namesOfTargets)
        {
            string[] names = [.. list];
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
}

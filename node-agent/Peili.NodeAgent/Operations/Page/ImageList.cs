using Peili.Containerd;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Operations.Page;

/// <summary>Lists this node's images for people, a page at a time.</summary>
internal sealed class ImageList(ImageStoreWatcher watcher)
{
    /// <summary>In characters.</summary>
    public const int MaxFilter = 256;

    private const int PageSize = 25;
    private const int MostBlobs = 100;

    /// <summary>The images after a name, of those with a name or a blob's digest that contains the filter; an empty filter takes all.</summary>
    public ImagesReport Read(string filter, string after)
    {
        if (watcher.Current is not { } snapshot)
        {
            return new ImagesReport(0, 0, [], null);
        }

        var blobs = BlobsByImage(snapshot);
        var images = snapshot.Targets.GroupBy(image => image.Value, image => image.Key).Select(group => Named(group.Key, group)).ToArray();
        var matching = images.Where(image => Matches(image.Names, blobs, filter)).ToArray();
        var page = matching.Where(image => string.CompareOrdinal(image.Names[0], after) > 0)
            .OrderBy(image => image.Names[0], StringComparer.Ordinal).Take(PageSize + 1).ToArray();
        return new ImagesReport(
            images.Length,
            matching.Length,
            [.. page.Take(PageSize).Select(image => Report(image.Target, image.Names, blobs))],
            page.Length > PageSize ? page[PageSize - 1].Names[0] : null);
    }

    private static Dictionary<string, List<BlobReport>> BlobsByImage(ImageStoreSnapshot snapshot)
    {
        var blobs = new Dictionary<string, List<BlobReport>>(StringComparer.Ordinal);
        foreach (var digest in snapshot.Digests)
        {
            snapshot.TryGetSize(digest, out var size);
            var blob = new BlobReport(digest.ToString(), size);
            foreach (var name in snapshot.ImagesOf(digest))
            {
                if (!blobs.TryGetValue(name, out var list))
                {
                    blobs.Add(name, list = []);
                }

                list.Add(blob);
            }
        }

        return blobs;
    }

    /// <summary>Kubernetes gives an image three names: by tag, by digest and by id. People know it by the tag.</summary>
    private static (Digest Target, string[] Names) Named(Digest target, IEnumerable<string> names) =>
        (target, [.. names.OrderBy(name => ImageName.IsTagged(name) ? 0 : name.Contains('/') ? 1 : 2).ThenBy(name => name, StringComparer.Ordinal)]);

    private static bool Matches(string[] names, Dictionary<string, List<BlobReport>> blobs, string filter) =>
        filter.Length == 0
        || names.Any(name => name.Contains(filter, StringComparison.OrdinalIgnoreCase)
            || blobs.GetValueOrDefault(name)?.Exists(blob => blob.Digest.Contains(filter, StringComparison.OrdinalIgnoreCase)) == true);

    private static ImageReport Report(Digest target, string[] names, Dictionary<string, List<BlobReport>> blobs)
    {
        var parts = names.SelectMany(name => blobs.GetValueOrDefault(name) ?? []).Distinct().OrderByDescending(blob => blob.Size).ToArray();
        return new ImageReport(names[0], names[1..], target.ToString(), parts.Sum(blob => blob.Size), parts.Length, [.. parts.Take(MostBlobs)]);
    }
}

using Peili.AgentApi;

namespace Peili.Operator.Page;

/// <summary>Makes what the page shows of the agents' answers: the largest blobs, and of each the upper part of its tree.</summary>
internal static class ColdStartReport
{
    private const int MostBlobs = 8;

    /// <summary>Seven generations of two children each; the nodes below are counted.</summary>
    private const int MostNodes = 127;

    public static IReadOnlyList<ColdStartBlob> Of(IReadOnlyDictionary<string, IReadOnlyList<FetchedBlob>> told) =>
    [
        .. told.SelectMany(node => node.Value.Select(blob => (Node: node.Key, Blob: blob)))
            .GroupBy(part => part.Blob.Digest, StringComparer.Ordinal)
            .Select(blob => BlobOf(blob.Key, blob.DistinctBy(part => part.Node).ToDictionary(part => part.Node, part => part.Blob, StringComparer.Ordinal)))
            .Where(blob => blob.TreeNodes > 1)
            .OrderByDescending(blob => blob.Total).Take(MostBlobs)
            .OrderBy(blob => blob.Repository, StringComparer.Ordinal).ThenByDescending(blob => blob.Total).ThenBy(blob => blob.Digest, StringComparer.Ordinal),
    ];

    private static ColdStartBlob BlobOf(string digest, Dictionary<string, FetchedBlob> parts)
    {
        var total = parts.Values.Max(part => part.Total);
        var named = parts.Values.FirstOrDefault(part => part.Repository.Length > 0) ?? parts.Values.First();
        var slowest = parts.Where(part => part.Value.Bytes < total || total == 0).OrderBy(part => part.Value.Bytes).ThenBy(part => part.Key, StringComparer.Ordinal).Select(part => part.Key).FirstOrDefault();
        var tree = RelayTree.Of(parts);
        return new ColdStartBlob(
            digest,
            named.Registry,
            named.Repository,
            total,
            parts.Count,
            parts.Values.Count(part => total > 0 && part.Bytes >= total),
            parts.Values.Sum(part => Math.Min(part.Bytes, total)),
            slowest,
            slowest is null ? 0 : parts[slowest].Bytes,
            tree.Count,
            [.. tree.Take(MostNodes)]);
    }
}

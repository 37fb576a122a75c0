using Peili.AgentApi;

namespace Peili.Page.Tests.Support;

/// <summary>What agents tell while all nodes of a cluster fetch the layers of one image.</summary>
internal static class ColdStartScene
{
    /// <summary>The digest of the largest layer, as agents write it.</summary>
    public const string Largest = "sha256:4f1c0a9b7d21";

    private const long Mebibyte = 1 << 20;

    /// <summary>Two children each, as trackers place them; whoever is farther from the origin has less.</summary>
    /// <param name="names">The nodes; the first one is the origin.</param>
    /// <param name="percent">How far the origin is.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<FetchedBlob>> Tell(IReadOnlyList<string> names, int percent) =>
        names.Select((name, place) => (name, place)).ToDictionary(
            node => node.name,
            node => (IReadOnlyList<FetchedBlob>)[Part(names, node.place, Largest, 734 * Mebibyte, percent), Part(names, node.place, "sha256:c0ffee00c0de", 31 * Mebibyte, 2 * percent)]);

    public static FetchedBlob Part(string parent, long bytes, long total, bool isOrigin = false) =>
        new() { Digest = Largest, Registry = "docker.io", Repository = "library/app", Parent = parent, Bytes = bytes, Total = total, Origin = isOrigin };

    private static FetchedBlob Part(IReadOnlyList<string> names, int place, string digest, long total, int percent)
    {
        var behind = 3 * int.Log2(place + 1);
        return new FetchedBlob
        {
            Digest = digest,
            Registry = "docker.io",
            Repository = "library/app",
            Origin = place == 0,
            Parent = place == 0 ? "" : names[(place - 1) / 2],
            Bytes = total / 100 * Math.Clamp(percent - behind, 0, 100),
            Total = total / 100 * 100,
        };
    }
}

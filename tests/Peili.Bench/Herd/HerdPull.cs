namespace Peili.Bench.Herd;

/// <summary>One image pulled by several nodes at once.</summary>
/// <param name="Committed">Until the last node had the last blob.</param>
/// <param name="Unpacked">Until the last node's pull was over, unpacking included.</param>
/// <param name="UpstreamBytes">What upstream sent, bodies alone.</param>
/// <param name="ImageBytes">What the image has: blobs and manifests.</param>
/// <param name="ManifestRequests">How often upstream sent the image's manifest.</param>
/// <param name="Pulls">Each node's pull, in the order of the nodes.</param>
/// <param name="Samples">How they came along.</param>
internal sealed record HerdPull(
    TimeSpan Committed, TimeSpan Unpacked, long UpstreamBytes, long ImageBytes, int ManifestRequests, IReadOnlyList<TimeSpan> Pulls, IReadOnlyList<HerdSample> Samples)
{
    /// <summary>How often the image left upstream.</summary>
    public double UpstreamRatio => (double)UpstreamBytes / ImageBytes;
}

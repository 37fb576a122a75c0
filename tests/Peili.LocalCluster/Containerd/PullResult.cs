namespace Peili.LocalCluster.Containerd;

/// <summary>How a pull ended.</summary>
/// <param name="Error">What containerd said, or null: the pull succeeded.</param>
/// <param name="Elapsed">From the call to its answer.</param>
/// <param name="ImageId">The digest of the image's configuration; empty if the pull failed.</param>
public sealed record PullResult(string? Error, TimeSpan Elapsed, string ImageId)
{
    /// <summary>Whether the image is there now.</summary>
    public bool Succeeded => Error is null;
}

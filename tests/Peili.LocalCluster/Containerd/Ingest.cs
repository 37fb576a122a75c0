namespace Peili.LocalCluster.Containerd;

/// <summary>A blob that is being written to the content store.</summary>
/// <param name="Reference">Its name among the ingests, such as layer-sha256:&lt;hex&gt;.</param>
/// <param name="Written">Bytes on disk so far.</param>
/// <param name="Total">The size it will have, where containerd was told it.</param>
public sealed record Ingest(string Reference, long Written, long? Total);

namespace Peili.Containerd;

/// <summary>What came and went between two snapshots.</summary>
/// <param name="AddedDigests">Blobs that only the later one has.</param>
/// <param name="RemovedDigests">Blobs that only the earlier one has.</param>
/// <param name="AddedNames">Image names that only the later one has.</param>
/// <param name="RemovedNames">Image names that only the earlier one has.</param>
public sealed record ImageStoreDifference(
    IReadOnlyList<Digest> AddedDigests,
    IReadOnlyList<Digest> RemovedDigests,
    IReadOnlyList<string> AddedNames,
    IReadOnlyList<string> RemovedNames);

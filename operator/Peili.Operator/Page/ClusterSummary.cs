namespace Peili.Operator.Page;

/// <summary>What the page shows at its top.</summary>
/// <param name="Version">Of the operator.</param>
/// <param name="Replica">Which replica answers.</param>
/// <param name="IsSynced">Whether it has seen all of the API server's objects.</param>
/// <param name="Mirrors">The RegistryMirrors, by name.</param>
internal sealed record ClusterSummary(string Version, string Replica, bool IsSynced, IReadOnlyList<MirrorReport> Mirrors);

using Peili.Crds;

namespace Peili.Kubectl.Overview;

/// <summary>The nodes of one flavor and one verdict.</summary>
/// <param name="Flavor">The flavor; empty before the operator has looked.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Nodes">How many there are.</param>
/// <param name="Mirroring">How many of them mirror.</param>
internal sealed record NodesOverview(string Flavor, Verdict Verdict, int Nodes, int Mirroring);

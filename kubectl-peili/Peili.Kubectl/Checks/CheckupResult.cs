using Peili.Crds;

namespace Peili.Kubectl.Checks;

/// <summary>What is known of one node, for programs.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Verdict">What it is to mirroring.</param>
/// <param name="Mirrors">Whether it mirrors.</param>
/// <param name="Findings">What stands in the way.</param>
/// <param name="Status">What the operator saw last.</param>
/// <param name="IsLive">Whether verdict and findings are the agent's of this moment, not the operator's.</param>
/// <param name="WhyNotLive">Why the agent could not be asked.</param>
internal sealed record CheckupResult(
    string Node, Verdict Verdict, bool Mirrors, IReadOnlyList<NodeFinding> Findings, NodeMirrorStatusStatus? Status, bool IsLive, string? WhyNotLive);

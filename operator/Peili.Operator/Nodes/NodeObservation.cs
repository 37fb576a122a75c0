using Peili.AgentApi;
using Peili.Operator.Agents;
using Peili.Operator.Resources;

namespace Peili.Operator.Nodes;

/// <summary>Everything that tells how mirroring stands on a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Assignment">Which RegistryMirror has it.</param>
/// <param name="Report">What its agent answered; null before it was asked.</param>
/// <param name="Member">How the other agents see it; null when they do not.</param>
/// <param name="Nodes">How many nodes have an agent.</param>
/// <param name="Pod">The agent's pod; null where there is none.</param>
/// <param name="Enforce">The level of Pod Security of the namespace; empty for none.</param>
internal sealed record NodeObservation(
    Node Node, NodeAssignment Assignment, AgentReport? Report, Member? Member, int Nodes, Pod? Pod, string Enforce);

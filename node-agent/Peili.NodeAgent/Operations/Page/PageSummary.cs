namespace Peili.NodeAgent.Operations.Page;

/// <summary>What the page shows at its top.</summary>
/// <param name="Agent">The agent, without what the page shows elsewhere and what changes all the time.</param>
/// <param name="Hosts">What was done with containerd's hosts; null when this agent leaves them alone.</param>
/// <param name="HostsFailure">Why it failed; null when it did not.</param>
/// <param name="ImageChanges">Goes up when the images change.</param>
internal sealed record PageSummary(AgentStatus Agent, string? Hosts, string? HostsFailure, int ImageChanges);

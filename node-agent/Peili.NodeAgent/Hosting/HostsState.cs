namespace Peili.NodeAgent.Hosting;

/// <summary>How containerd's hosts stand.</summary>
/// <param name="Step">What was done.</param>
/// <param name="Reason">Why it failed; null when it did not.</param>
internal sealed record HostsState(HostsStep Step, string? Reason);

using Peili.Flavors;

namespace Peili.NodeAgent.Checks;

/// <summary>Something that stands between this node's containerd and the agent.</summary>
/// <param name="Reason">What it is.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Evidence">Where: file and line, or what containerd said; null where there is no such place.</param>
/// <param name="Remedy">What to do about it on this flavor; null when nothing has to be done.</param>
/// <param name="Snippet">What to paste for it; null when there is nothing to paste.</param>
internal sealed record NodeFinding(
    Finding Reason, FindingSeverity Severity, string Message, string? Evidence, string? Remedy = null, string? Snippet = null);

namespace Peili.NodeAgent.Operations;

/// <summary>Who holds an image or a blob.</summary>
/// <param name="Reference">What was looked up, spelt out.</param>
/// <param name="Complete">Whether every live member was asked; otherwise those that the directory names, three at most.</param>
/// <param name="Holders">This node first.</param>
/// <param name="Trackers">The nodes that keep the directory's record of it, first the one that gives out the roles of a cold start; null from agents that do not say.</param>
internal sealed record LocateReport(string Reference, bool Complete, IReadOnlyList<HolderReport> Holders, IReadOnlyList<string>? Trackers = null);

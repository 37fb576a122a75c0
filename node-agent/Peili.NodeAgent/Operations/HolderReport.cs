namespace Peili.NodeAgent.Operations;

/// <summary>A node that announced a content, or has it.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Address">Of its peer endpoint.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="Announced">Whether the directory named it.</param>
/// <param name="Holds">What it said itself; null when it did not answer.</param>
internal sealed record HolderReport(string Node, string Address, string Zone, bool Announced, bool? Holds);

namespace Peili.Operator.Page;

/// <summary>A node in the tree of a blob.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parent">The place in the list of the node that it streams from; -1 for none.</param>
/// <param name="Role">Its part.</param>
/// <param name="Bytes">How many it has.</param>
/// <param name="Below">Nodes that get their bytes through it, directly or not.</param>
/// <param name="BelowBytes">How many those have, together.</param>
internal sealed record RelayNode(string Name, int Parent, RelayNodeRole Role, long Bytes, int Below, long BelowBytes);

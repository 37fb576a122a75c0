namespace Peili.NodeAgent.Transfers;

/// <summary>What opening a content at its holders gave: a body; or the content's length when the range asked for lies outside it; or neither.</summary>
internal readonly record struct Opening(BodyStream? Body, long? UnsatisfiableLength);

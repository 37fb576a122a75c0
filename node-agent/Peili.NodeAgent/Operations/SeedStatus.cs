namespace Peili.NodeAgent.Operations;

/// <summary>Another agent this one asks for blobs.</summary>
internal sealed record SeedStatus(string Address, bool Avoided);

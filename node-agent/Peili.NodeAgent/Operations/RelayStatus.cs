namespace Peili.NodeAgent.Operations;

/// <summary>This node's part in cold starts at this moment.</summary>
/// <param name="Origins">Blobs that its containerd fetches from upstream and others may stream from it.</param>
/// <param name="Children">Nodes that stream from it, each as often as it does.</param>
/// <param name="Roles">What it fetches together with others; null from agents that do not say.</param>
internal sealed record RelayStatus(int Origins, int Children, IReadOnlyList<RelayRole>? Roles = null);

namespace Peili.NodeAgent.Operations;

/// <summary>This node's containerd, as the agent sees it.</summary>
internal sealed record ContainerdStatus(bool Connected, DateTimeOffset Since, string? Version, string? ContentRoot, string? LastError, int Images, int Digests);

namespace Peili.Containerd;

/// <summary>How the watcher and containerd stand.</summary>
/// <param name="Connected">Whether the last list succeeded and the subscription to events stands.</param>
/// <param name="Since">Since when that is so.</param>
/// <param name="LastError">Why the last connection ended or did not come about; null before the first such error.</param>
/// <param name="Version">Which containerd it is or was; null before the first connection.</param>
/// <param name="ContentRoot">The directory of the content store; null before the first connection or where containerd does not tell.</param>
public sealed record ContainerdConnection(
    bool Connected,
    DateTimeOffset Since,
    string? LastError,
    ContainerdVersion? Version,
    string? ContentRoot);

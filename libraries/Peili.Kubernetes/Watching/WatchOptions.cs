using Peili.Kubernetes.Rest;

namespace Peili.Kubernetes.Watching;

/// <summary>What a watch is to tell, and for how long.</summary>
public sealed record WatchOptions
{
    /// <summary>Which objects.</summary>
    public ListOptions Objects { get; init; } = new();

    /// <summary>The version after which it begins: a list's, or that of the last event seen.</summary>
    public required string ResourceVersion { get; init; }

    /// <summary>When the server is to end it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after <see cref="Timeout"/> a watch that has not ended counts as dead. (Pings find a dead HTTP/2 connection sooner.)</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);
}

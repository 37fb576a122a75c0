using Peili.Containerd.Cri;

namespace Peili.NodeAgent.Checks;

/// <summary>What the running containerd says of itself.</summary>
internal sealed record DaemonAnswers
{
    /// <summary>Its version, as it calls it.</summary>
    public required string Version { get; init; }

    /// <summary>The content store's folder; null when it does not tell.</summary>
    public string? ContentRoot { get; init; }

    /// <summary><c>shared</c> or <c>isolated</c>; null when it does not tell.</summary>
    public string? SharingPolicy { get; init; }

    /// <summary>Why the CRI plugin did not load; null when it did.</summary>
    public string? CriError { get; init; }

    /// <summary>Whether it has a CRI plugin at all, loaded or not.</summary>
    public bool HasCri { get; init; } = true;

    /// <summary>The settings it runs with; null when it does not tell.</summary>
    public RunningSettings? Running { get; init; }

    /// <summary>When it started, which is when it made its socket; null when that cannot be seen.</summary>
    public DateTimeOffset? Started { get; init; }
}

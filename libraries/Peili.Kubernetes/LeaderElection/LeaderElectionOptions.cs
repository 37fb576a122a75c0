using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.LeaderElection;

/// <summary>Which Lease decides, and how fast. The times are those of client-go.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>The Lease; it is created where it is not there.</summary>
    public required NamespacedName Lease { get; init; }

    /// <summary>Who this process is; no two may be the same.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}_{Guid.NewGuid():N}";

    /// <summary>How long after the last renewal that they saw others leave the Lease alone.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader goes on without a renewal.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long between two attempts to take or to renew it.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Told of each attempt that failed for another reason than that somebody else leads.</summary>
    public Action<Exception>? Failed { get; init; }
}

namespace Peili.LocalCluster.Agents;

/// <summary>A liveness probe as a pod states it (Kubernetes, Probe v1).</summary>
public sealed record LivenessProbeOptions
{
    /// <summary>periodSeconds.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>timeoutSeconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>failureThreshold.</summary>
    public int FailureThreshold { get; init; } = 3;

    /// <summary>
    /// terminationGracePeriodSeconds: kubelet sends SIGTERM first, which a stopped process does not notice, and SIGKILL only after
    /// this time.
    /// </summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(1);
}

using Peili.Kubectl.Api;
using Peili.Kubernetes.Models;
using Peili.Operator.Resources;

namespace Peili.Kubectl.Overview;

/// <summary>The operator at a glance.</summary>
/// <param name="Replicas">How many are wanted; null where there is no Deployment, or it may not be read.</param>
/// <param name="Ready">How many of them are ready.</param>
/// <param name="Leader">The pod that leads; null where none does, or it may not be read.</param>
/// <param name="LeadsSince">Since when it leads.</param>
/// <param name="Renewed">When it last said that it does.</param>
/// <param name="LeaseSeconds">How long that is good for.</param>
/// <param name="Troubles">Why pods of it are not ready.</param>
internal sealed record OperatorOverview(
    int? Replicas, int Ready, string? Leader, DateTimeOffset? LeadsSince, DateTimeOffset? Renewed, int LeaseSeconds, IReadOnlyList<string> Troubles)
{
    /// <summary>How long a Lease is good for where it does not say.</summary>
    private const int UsualSeconds = 15;

    public OperatorOverview(Deployment? deployment, Lease? lease, IReadOnlyList<Pod>? pods)
        : this(
            deployment?.Metadata.Name is null ? null : deployment.Spec?.Replicas ?? 1,
            deployment?.Status?.ReadyReplicas ?? 0,
            lease?.Spec.HolderIdentity is { Length: > 0 } holder ? holder.Split('_')[0] : null,
            lease?.Spec.AcquireTime,
            lease?.Spec.RenewTime,
            lease?.Spec.LeaseDurationSeconds ?? UsualSeconds,
            [.. (pods ?? []).Where(pod => !pod.IsReady && pod.Trouble is not null).Select(pod => $"{pod.Metadata.Name}: {pod.Trouble}")])
    {
    }

    /// <summary>Whether one leads, and says so.</summary>
    public bool Leads(DateTimeOffset now) => Leader is not null && Renewed is { } renewed && now - renewed < TimeSpan.FromSeconds(2 * LeaseSeconds);
}

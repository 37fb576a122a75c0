using Peili.Kubernetes.Models;

namespace Peili.Operator.Resources;

/// <summary>The agents of one RegistryMirror on the nodes of one flavor.</summary>
internal sealed record DaemonSet : KubernetesObject
{
    public DaemonSetStatus? Status { get; init; }

    /// <summary>Whether every pod is there, of the newest revision, and available.</summary>
    public bool IsRolledOut => Status is { } status && status.ObservedGeneration >= Metadata.Generation
        && status.UpdatedNumberScheduled >= status.DesiredNumberScheduled && status.NumberAvailable >= status.DesiredNumberScheduled;
}

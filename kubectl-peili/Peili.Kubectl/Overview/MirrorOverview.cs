using Peili.Crds;
using Peili.Kubernetes.Models;

namespace Peili.Kubectl.Overview;

/// <summary>A RegistryMirror at a glance.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nodes">Its nodes, counted.</param>
/// <param name="Conditions">Its conditions.</param>
/// <param name="Created">When it was made.</param>
internal sealed record MirrorOverview(string Name, NodeCounts Nodes, IReadOnlyList<Condition> Conditions, DateTimeOffset? Created)
{
    public static MirrorOverview Of(RegistryMirror mirror) =>
        new(mirror.Metadata.Name ?? "", mirror.Status?.Nodes ?? new NodeCounts(), mirror.Status?.Conditions ?? [], mirror.Metadata.CreationTimestamp);

    /// <summary>One of its conditions; null where it does not have it.</summary>
    public Condition? Condition(string type) => Conditions.FirstOrDefault(condition => condition.Type == type);
}

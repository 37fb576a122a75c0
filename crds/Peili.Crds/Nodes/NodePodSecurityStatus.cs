using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Whether a node's agent is admitted.</summary>
public sealed record NodePodSecurityStatus
{
    /// <summary>The level that the namespace's label pod-security.kubernetes.io/enforce names; empty where it has none.</summary>
    [Length(63)]
    public string Enforce { get; init => field = Bounded.Text(value, 63); } = "";

    /// <summary>Whether the agent's pod is admitted.</summary>
    public bool Satisfied { get; init; }
}

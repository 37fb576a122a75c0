using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Pod Security of the operator's namespace.</summary>
public sealed record PodSecurityStatus
{
    /// <summary>The namespace.</summary>
    [Length(63)]
    public string Namespace { get; init => field = Bounded.Text(value, 63); } = "";

    /// <summary>The level that its label pod-security.kubernetes.io/enforce names; empty where it has none.</summary>
    [Length(63)]
    public string Enforce { get; init => field = Bounded.Text(value, 63); } = "";

    /// <summary>Whether agents are admitted.</summary>
    public bool Satisfied { get; init; }
}

namespace Peili.Operator.Mirrors;

/// <summary>The labels by which Pod Security Admission judges the pods of a namespace.</summary>
internal static class PodSecurity
{
    public const string Enforce = "pod-security.kubernetes.io/enforce";
    public const string Privileged = "privileged";

    /// <summary>What is set so that agents are admitted, without a warning at each of them.</summary>
    public static IReadOnlyList<string> Labels { get; } = [Enforce, "pod-security.kubernetes.io/audit", "pod-security.kubernetes.io/warn"];
}

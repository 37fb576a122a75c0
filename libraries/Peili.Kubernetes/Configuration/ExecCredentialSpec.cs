namespace Peili.Kubernetes.Configuration;

/// <summary>What it is told.</summary>
internal sealed record ExecCredentialSpec(bool Interactive, ExecCluster? Cluster);

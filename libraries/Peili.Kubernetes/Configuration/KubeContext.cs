namespace Peili.Kubernetes.Configuration;

/// <summary>A context of a kubeconfig: a user at a cluster.</summary>
/// <param name="Cluster">The name of the cluster.</param>
/// <param name="User">The name of the user; null for nobody.</param>
/// <param name="Namespace">The namespace that is meant where none is said; null for <c>default</c>.</param>
public sealed record KubeContext(string Cluster, string? User, string? Namespace);

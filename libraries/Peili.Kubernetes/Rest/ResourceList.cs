using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Rest;

/// <summary>The objects of a kind as they were at one time.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">The version of the whole: a watch from here tells what comes after.</param>
public sealed record ResourceList<T>(IReadOnlyList<T> Items, string ResourceVersion)
    where T : KubernetesObject;

namespace Peili.Kubernetes.Models;

/// <summary>What names an object among those of its kind.</summary>
/// <param name="Namespace">Null for an object of the whole cluster.</param>
/// <param name="Name">Its name.</param>
public readonly record struct NamespacedName(string? Namespace, string Name)
{
    /// <summary><c>namespace/name</c>, or the name alone.</summary>
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}

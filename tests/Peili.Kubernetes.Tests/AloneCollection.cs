namespace Peili.Kubernetes.Tests;

/// <summary>Tests that take the API server away from the others, and run after them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

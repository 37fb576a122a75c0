namespace Peili.Overlay.Tests;

/// <summary>Tests that measure the process or use real time: they run after all others, one by one.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

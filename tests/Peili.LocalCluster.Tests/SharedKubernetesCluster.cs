using Peili.LocalCluster.Kubernetes;

namespace Peili.LocalCluster.Tests;

/// <summary>One cluster of three nodes, started by the first test that needs it. Its tests run after all others: it is as much as fits this machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedKubernetesCluster : IAsyncLifetime, ICollectionFixture<SharedKubernetesCluster>
{
    public const string Name = "Kubernetes";

    private readonly Lazy<Task<KubernetesCluster>> _starting = new(() => KubernetesCluster.StartAsync());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The cluster; the test is skipped where there can be none.</summary>
    public Task<KubernetesCluster> GetAsync()
    {
        Assert.SkipWhen(KubernetesCluster.WhyNot() is not null, KubernetesCluster.WhyNot() ?? "");
        return _starting.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_starting is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _starting.Value).DisposeAsync();
        }
    }
}

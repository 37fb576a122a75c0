namespace Peili.Operator.Tests.RealNodes;

/// <summary>One cluster for the tests of a class, with the operator installed and a RegistryMirror that has every node.</summary>
public sealed class SharedRealCluster : IAsyncDisposable
{
    private RealCluster? _cluster;

    /// <summary>The cluster, as every test begins with it.</summary>
    internal async Task<RealCluster> GetAsync()
    {
        if (_cluster is null)
        {
            _cluster = await RealCluster.StartAsync();
            await _cluster.InstallAsync();
        }

        await _cluster.ApplyMirrorAsync("default");
        await _cluster.WaitUntilReadyAsync();
        return _cluster;
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

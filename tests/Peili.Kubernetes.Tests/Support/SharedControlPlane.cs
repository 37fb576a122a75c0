using Peili.LocalCluster.Kubernetes;

namespace Peili.Kubernetes.Tests.Support;

/// <summary>One control plane for all tests of this program, started by the first that needs it; each test has a namespace of its own.</summary>
public sealed class SharedControlPlane : IAsyncLifetime
{
    private readonly Lazy<Task<ControlPlane>> _starting = new(() => ControlPlane.StartAsync(CancellationToken.None));

    /// <summary>The control plane. Where there can be none, the test is skipped.</summary>
    public Task<ControlPlane> GetAsync()
    {
        Assert.SkipWhen(ControlPlanePrograms.WhyNot is not null, ControlPlanePrograms.WhyNot ?? "");
        return _starting.Value;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_starting.IsValueCreated)
        {
            await (await _starting.Value).DisposeAsync();
        }
    }
}

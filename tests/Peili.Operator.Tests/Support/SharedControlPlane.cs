using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Processes;

namespace Peili.Operator.Tests.Support;

/// <summary>One control plane with the CRDs and the operator's roles for all tests of this program, started by the first that needs it.</summary>
public sealed class SharedControlPlane : IAsyncLifetime
{
    /// <summary>The installation's.</summary>
    public const string Namespace = "peili-system";

    private readonly Lazy<Task<ControlPlane>> _starting = new(StartAsync);

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

    private static async Task<ControlPlane> StartAsync()
    {
        var controlPlane = await ControlPlane.StartAsync(CancellationToken.None);
        foreach (var arguments in new[]
        {
            ["apply", "-k", Checkout.PathOf("crds", "manifests", "legacy")],
            ["create", "namespace", Namespace],
            new[] { "apply", "-k", Checkout.PathOf("config", "rbac") },
        })
        {
            (await Command.RunAsync("kubectl", ["--kubeconfig", controlPlane.KubeConfig, .. arguments], "", CancellationToken.None)).OutputOrThrow($"kubectl {string.Join(' ', arguments)}");
        }

        return controlPlane;
    }
}

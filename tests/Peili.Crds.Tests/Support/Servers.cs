using Peili.Kubernetes.Configuration;
using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Crds.Tests.Support;

/// <summary>The two servers of all tests of this program, each started by the first that needs it, with our kinds on it.</summary>
public sealed class Servers : IAsyncLifetime
{
    private readonly Lazy<Task<ControlPlane>> _old = new(StartOldAsync);
    private readonly Lazy<Task<ApiExtensionsServer>> _new;

    public Servers() => _new = new(StartNewAsync);

    /// <summary>Kubernetes 1.20 with the kinds for servers that know no rules. Where there can be none, the test is skipped.</summary>
    internal Task<ControlPlane> GetOldAsync()
    {
        var whyNot = ControlPlanePrograms.WhyNot ?? Kubectl.WhyNot;
        Assert.SkipWhen(whyNot is not null, whyNot ?? "");
        return _old.Value;
    }

    /// <summary>The server of custom resources of Kubernetes 1.36 with the kinds. Where there can be none, the test is skipped.</summary>
    internal Task<ApiExtensionsServer> GetNewAsync()
    {
        var whyNot = ControlPlanePrograms.WhyNot ?? Kubectl.WhyNot ?? ApiExtensionsServer.WhyNot;
        Assert.SkipWhen(whyNot is not null, whyNot ?? "");
        return _new.Value;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // What did not start has cleaned up after itself, and failed the tests that asked for it.
        if (_new is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _new.Value).DisposeAsync();
        }

        if (_old is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _old.Value).DisposeAsync();
        }
    }

    private static async Task<ControlPlane> StartOldAsync()
    {
        var server = await ControlPlane.StartAsync(CancellationToken.None);
        return await PreparedAsync(server, async () =>
        {
            var kubectl = new Kubectl(server.KubeConfig);
            await kubectl.RunAsync("apply", "-k", Checkout.PathOf("crds", "manifests", "legacy"));
            using var client = new ServerClient(KubernetesClientConfiguration.Build(KubeConfig.Load(server.KubeConfig)));
            await client.WaitUntilServedAsync();
        });
    }

    private async Task<ApiExtensionsServer> StartNewAsync()
    {
        var server = await ApiExtensionsServer.StartAsync(await GetOldAsync(), CancellationToken.None);
        return await PreparedAsync(server, async () =>
        {
            using var client = server.Connect();
            await client.InstallAsync();
            await client.WaitUntilServedAsync();
        });
    }

    private static async Task<T> PreparedAsync<T>(T server, Func<Task> prepare)
        where T : IAsyncDisposable
    {
        try
        {
            await prepare();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}

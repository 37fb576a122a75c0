using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Kubernetes.Tests.Support;

/// <summary>Tests against the real API server, each in a namespace of its own.</summary>
public abstract class ServerTest(SharedControlPlane shared) : IAsyncLifetime
{
    private static readonly ResourceKind<KubernetesObject> s_namespaces = ResourceKinds.Any("", "v1", "namespaces", "Namespace", isNamespaced: false);

    private protected ControlPlane ControlPlane { get; private set; } = null!;

    private protected KubernetesClient Client { get; private set; } = null!;

    private protected string Namespace { get; } = $"test-{Guid.NewGuid():N}";

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        ControlPlane = await shared.GetAsync();
        Client = new KubernetesClient(KubernetesClientConfiguration.Build(KubeConfig.Load(ControlPlane.KubeConfig)), new KubernetesClientOptions { PageSize = 3 });
        await Client.CreateAsync(s_namespaces, new KubernetesObject { Metadata = new ObjectMeta { Name = Namespace } }, Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        Client?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected NamespacedName Key(string name) => new(Namespace, name);

    private protected Task<ConfigMap> CreateAsync(string name, string value) =>
        Client.CreateAsync(ConfigMap.ResourceKind, ConfigMap.Of(Namespace, name, value), Cancellation);
}

using System.Text.Json;
using Peili.Containerd.Tests.Support;
using Peili.Crds.Generator;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Crds.Tests.Support;

/// <summary>Our kinds on one server, by the operator's own client.</summary>
internal sealed class ServerClient(KubernetesClientConfiguration configuration) : IDisposable
{
    private static readonly ResourceKind<KubernetesObject> s_definitions =
        ResourceKinds.Any("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", isNamespaced: false);

    private static readonly ResourceKind<KubernetesObject> s_mirrors =
        ResourceKinds.Any(CrdKinds.Group, CrdKinds.Version, CrdKinds.RegistryMirror.Plural, CrdKinds.RegistryMirror.Kind, isNamespaced: false);

    public KubernetesClient Client { get; } = new(configuration);

    /// <summary>Creates the definitions, with rules.</summary>
    public async Task InstallAsync()
    {
        foreach (var definition in new[] { Manifests.Of(CrdKinds.RegistryMirror, legacy: false), Manifests.Of(CrdKinds.NodeMirrorStatus, legacy: false) })
        {
            await Client.CreateAsync(s_definitions, definition.ToJson().Deserialize<KubernetesObject>(JsonSerializerOptions.Web)!, CancellationToken.None);
        }
    }

    /// <summary>Whether the server answers at all.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Client.ListAsync(s_definitions, new ListOptions(), cancellationToken);
            return true;
        }
        catch (KubernetesException)
        {
            return false;
        }
    }

    /// <summary>Waits until both kinds are served; objects of a definition that was just accepted are not found for a while.</summary>
    public async Task WaitUntilServedAsync()
    {
        await Eventually.IsTrueAsync(() => IsServedAsync(CrdKinds.RegistryMirror), "registrymirrors are served");
        await Eventually.IsTrueAsync(() => IsServedAsync(CrdKinds.NodeMirrorStatus), "nodemirrorstatuses are served");
    }

    /// <summary>The definition as the server has it.</summary>
    public async Task<JsonElement> DefinitionAsync(string name) =>
        JsonSerializer.SerializeToElement((await Client.GetAsync(s_definitions, new NamespacedName(null, name), CancellationToken.None))!.Unknown);

    /// <summary>Creates an object as it was written; null, and it is gone again, where the server takes it; else what it says.</summary>
    public async Task<string?> RefusalOfAsync(RegistryMirrorJson mirror)
    {
        try
        {
            var created = await Client.CreateAsync(s_mirrors, mirror.ToObject(), CancellationToken.None);
            await Client.DeleteAsync(s_mirrors, created.Key, CancellationToken.None);
            return null;
        }
        catch (KubernetesException exception) when ((int?)exception.StatusCode == 422)
        {
            return exception.Message;
        }
    }

    /// <summary>Server-side apply of what was written, and nothing else.</summary>
    public async Task<RegistryMirror> ApplyAsync(RegistryMirrorJson mirror, string manager)
    {
        var applied = await Client.ApplyAsync(s_mirrors, mirror.ToObject(), manager, CancellationToken.None);
        return (await Client.GetAsync(CrdKinds.RegistryMirror, applied.Key, CancellationToken.None))!;
    }

    public void Dispose() => Client.Dispose();

    private async Task<bool> IsServedAsync<T>(ResourceKind<T> kind)
        where T : KubernetesObject
    {
        try
        {
            await Client.ListAsync(kind, new ListOptions(), CancellationToken.None);
            return true;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return false;
        }
    }
}

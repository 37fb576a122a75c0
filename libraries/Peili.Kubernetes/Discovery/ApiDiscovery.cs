using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Discovery;

/// <summary>Asks an API server what it has, to decide about newer features.</summary>
public static class ApiDiscovery
{
    /// <summary>Which Kubernetes it is.</summary>
    /// <exception cref="KubernetesException">It refused to say, or did not answer.</exception>
    public static async Task<VersionInfo> GetVersionAsync(this KubernetesClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return await client.GetAsync("version", ModelJson.Default.VersionInfo, cancellationToken)
            ?? throw new KubernetesException("the API server does not say which version it is");
    }

    /// <summary>Its groups with their versions, as in <c>apps/v1</c>; <c>v1</c> is the core group's.</summary>
    /// <exception cref="KubernetesException">It refused to say, or did not answer.</exception>
    public static async Task<IReadOnlySet<string>> GetApiVersionsAsync(this KubernetesClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var core = await client.GetAsync("api", ModelJson.Default.APIVersions, cancellationToken);
        var groups = await client.GetAsync("apis", ModelJson.Default.APIGroupList, cancellationToken);
        return (core?.Versions ?? []).Concat((groups?.Groups ?? []).SelectMany(group => group.Versions).Select(version => version.Name)).ToHashSet();
    }

    /// <summary>The resources of a group's version; none where it does not have that version.</summary>
    /// <exception cref="KubernetesException">It refused to say, or did not answer.</exception>
    public static async Task<IReadOnlyList<APIResource>> GetResourcesAsync(
        this KubernetesClient client, string apiVersion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(apiVersion);
        var path = apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{apiVersion}" : $"api/{apiVersion}";
        return (await client.GetAsync(path, ModelJson.Default.APIResourceList, cancellationToken))?.Resources ?? [];
    }
}

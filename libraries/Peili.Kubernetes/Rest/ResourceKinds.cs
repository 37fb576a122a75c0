using Peili.Kubernetes.Models;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Rest;

/// <summary>Makes kinds whose objects are read without a record of their own.</summary>
public static class ResourceKinds
{
    /// <summary>A kind whose fields are all in <see cref="KubernetesObject.Unknown"/>, but for the metadata.</summary>
    /// <inheritdoc cref="ResourceKind{T}(string, string, string, string, bool, System.Text.Json.Serialization.Metadata.JsonTypeInfo{T})"/>
    public static ResourceKind<KubernetesObject> Any(string group, string version, string plural, string kind, bool isNamespaced) =>
        new(group, version, plural, kind, isNamespaced, ModelJson.Default.KubernetesObject);
}

using System.Text.Json.Serialization.Metadata;
using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Rest;

/// <summary>A kind of object and where the API has it.</summary>
/// <typeparam name="T">The record its objects are read into.</typeparam>
/// <param name="Group">As in <c>apps</c>; empty for the core group.</param>
/// <param name="Version">As in <c>v1</c>.</param>
/// <param name="Plural">The name in paths, as in <c>daemonsets</c>.</param>
/// <param name="Kind">As in <c>DaemonSet</c>.</param>
/// <param name="IsNamespaced">Whether its objects are in namespaces.</param>
/// <param name="TypeInfo">How the record is read and written.</param>
public sealed record ResourceKind<T>(string Group, string Version, string Plural, string Kind, bool IsNamespaced, JsonTypeInfo<T> TypeInfo)
    where T : KubernetesObject
{
    /// <summary>As in <c>apps/v1</c>, or <c>v1</c> for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of all its objects, or of those of one namespace.</summary>
    internal string PathOf(string? inNamespace)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return inNamespace is null ? $"{root}/{Plural}" : $"{root}/namespaces/{Uri.EscapeDataString(inNamespace)}/{Plural}";
    }

    /// <summary>The path of one object.</summary>
    /// <exception cref="ArgumentException">The name is no name, or the namespace is missing or too much.</exception>
    internal string PathOf(NamespacedName key, string? subresource = null)
    {
        if (key.Name is null or "" or "." or ".." || key.Name.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"\"{key.Name}\" is no name of a {Kind}", nameof(key));
        }

        if (key.Namespace is null == IsNamespaced)
        {
            throw new ArgumentException($"{Kind} {key.Name}: the namespace must be {(IsNamespaced ? "set" : "null")}", nameof(key));
        }

        var path = $"{PathOf(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}

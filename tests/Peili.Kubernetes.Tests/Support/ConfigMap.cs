using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Kubernetes.Tests.Support;

/// <summary>A kind that every API server has, as a program would describe it.</summary>
internal sealed record ConfigMap : KubernetesObject
{
    public static ResourceKind<ConfigMap> ResourceKind { get; } = new("", "v1", "configmaps", "ConfigMap", true, TestJson.Default.ConfigMap);

    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public static ConfigMap Of(string inNamespace, string name, string value, string? role = null) => new()
    {
        Metadata = new ObjectMeta { Namespace = inNamespace, Name = name, Labels = role is null ? null : new Dictionary<string, string> { ["role"] = role } },
        Data = new Dictionary<string, string> { ["value"] = value },
    };
}

using System.Text;
using Peili.Kubernetes.Models;

namespace Peili.Operator.Resources;

/// <summary>A Secret.</summary>
internal sealed record Secret : KubernetesObject
{
    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }

    /// <summary>A value as text; null where there is none.</summary>
    public string? Text(string key) => Data?.GetValueOrDefault(key) is { } value ? Encoding.UTF8.GetString(value) : null;
}

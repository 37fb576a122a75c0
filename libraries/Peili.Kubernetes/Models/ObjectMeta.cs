using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Models;

/// <summary>The metadata of an object; the API reference's ObjectMeta.</summary>
public sealed record ObjectMeta
{
    /// <summary>Unique among its kind and namespace.</summary>
    public string? Name { get; init; }

    /// <summary>What the server makes a name from, where there is none.</summary>
    public string? GenerateName { get; init; }

    /// <summary>Null for an object of the whole cluster.</summary>
    public string? Namespace { get; init; }

    /// <summary>Unique in time and space; set by the server.</summary>
    public string? Uid { get; init; }

    /// <summary>Which version of the object this is; to be compared for equality only.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Goes up with each change of the spec.</summary>
    public long? Generation { get; init; }

    /// <summary>When the server created it.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Since when it is being deleted; it goes when no finalizer is left.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>What it is selected by.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>What is noted on it.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The objects whose end is the end of this one.</summary>
    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    /// <summary>Who has to do something before it may go.</summary>
    public IReadOnlyList<string>? Finalizers { get; init; }

    /// <summary>The fields that are not named here.</summary>
    [JsonExtensionData]
    [SuppressMessage("Usage", "CA2227:Collection properties should be read only", Justification = "The serializer sets it.")]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

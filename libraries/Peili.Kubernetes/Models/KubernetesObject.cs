using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peili.Kubernetes.Models;

/// <summary>
/// What every object of the API has, and at the same time an object of any kind. A record derived from it names the fields that its
/// program reads; all others are kept in <see cref="Unknown"/> and written back. Objects are never changed, only copied by <c>with</c>.
/// </summary>
public record KubernetesObject
{
    /// <summary>Group and version, as in <c>apps/v1</c>; the client fills it in where it is null.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The kind; the client fills it in where it is null.</summary>
    public string? Kind { get; init; }

    /// <summary>Name, labels and what else all kinds have in common.</summary>
    public ObjectMeta Metadata
    {
        get;

        // The serializer sets what the JSON lacks, too, and to null.
        init => field = value ?? new ObjectMeta();
    } = new();

    /// <summary>The fields that the record does not name.</summary>
    [JsonExtensionData]
    [SuppressMessage("Usage", "CA2227:Collection properties should be read only", Justification = "The serializer sets it.")]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>Namespace and name.</summary>
    [JsonIgnore]
    public NamespacedName Key => new(Metadata.Namespace, Metadata.Name ?? "");
}

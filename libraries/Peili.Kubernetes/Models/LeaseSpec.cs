using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Models;

/// <summary>Holder and times of a <see cref="Lease"/>.</summary>
public sealed record LeaseSpec
{
    /// <summary>Who holds it; empty or null for nobody.</summary>
    public string? HolderIdentity { get; init; }

    /// <summary>How long after its last renewal others leave it alone.</summary>
    public int? LeaseDurationSeconds { get; init; }

    /// <summary>When this holder took it, by the holder's clock.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    /// <summary>When this holder last renewed it, by the holder's clock.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    /// <summary>How often it passed from one holder to another.</summary>
    public int? LeaseTransitions { get; init; }

    /// <summary>The fields that are not named here.</summary>
    [JsonExtensionData]
    [SuppressMessage("Usage", "CA2227:Collection properties should be read only", Justification = "The serializer sets it.")]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

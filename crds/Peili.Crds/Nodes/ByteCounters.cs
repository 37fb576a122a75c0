using System.Text.Json.Serialization;
using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Bytes since the agent started, rounded; as strings, for they may be more than a JSON number holds.</summary>
public sealed record ByteCounters
{
    private const JsonNumberHandling AsString = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString;

    /// <summary>From peers, to containerd.</summary>
    [Length(20)]
    [Pattern(Patterns.DecimalNumber, Patterns.DecimalNumberMessage)]
    [JsonNumberHandling(AsString)]
    public long FromPeers { get; init; }

    /// <summary>Those of them that came from a peer that was still downloading.</summary>
    [Length(20)]
    [Pattern(Patterns.DecimalNumber, Patterns.DecimalNumberMessage)]
    [JsonNumberHandling(AsString)]
    public long FromRelay { get; init; }

    /// <summary>From this node's store, to peers.</summary>
    [Length(20)]
    [Pattern(Patterns.DecimalNumber, Patterns.DecimalNumberMessage)]
    [JsonNumberHandling(AsString)]
    public long ToPeers { get; init; }

    /// <summary>From this node's store, to its own containerd.</summary>
    [Length(20)]
    [Pattern(Patterns.DecimalNumber, Patterns.DecimalNumberMessage)]
    [JsonNumberHandling(AsString)]
    public long FromLocal { get; init; }
}

using System.Text.Json.Serialization;
using Peili.Crds.Schema;
using Peili.Kubernetes.Serialization;

namespace Peili.Crds;

/// <summary>The agent of a node.</summary>
public sealed record AgentStatus
{
    /// <summary>Its version, as in <c>0.1.0</c>; empty where it is not known.</summary>
    [Length(64)]
    public string Version { get; init => field = Bounded.Text(value, 64); } = "";

    /// <summary>Whether it serves.</summary>
    public bool Ready { get; init; }

    /// <summary>Since when it serves, or does not.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Where the other agents reach it, as in <c>10.0.0.5:29951</c>.</summary>
    [Length(64)]
    public string Address { get; init => field = Bounded.Text(value, 64); } = "";

    /// <summary>What it asks of containerd: header, a secret that containerd alone has, or none, where the platform owns the hosts files.</summary>
    public RegistryAuthentication? RegistryAuth { get; init; }
}

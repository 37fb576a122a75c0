using System.Net;
using System.Text.RegularExpressions;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Configuration;

/// <summary>What <c>peili-agent serve</c> was told, checked.</summary>
internal sealed record AgentOptions
{
    public required string NodeName { get; init; }

    /// <summary>The topology zone; null to go on with that of the last start.</summary>
    public string? Zone { get; init; }

    public required string ContainerdSocket { get; init; }

    public required string ContainerdNamespace { get; init; }

    /// <summary>The kind of node; null to have it told by the host's files.</summary>
    public string? Flavor { get; init; }

    /// <summary>containerd's configuration file; null for the flavor's.</summary>
    public string? ContainerdConfig { get; init; }

    /// <summary>The content store's folder; null to ask containerd.</summary>
    public string? ContentPath { get; init; }

    public required IPEndPoint RegistryAddress { get; init; }

    public required IPEndPoint PeerAddress { get; init; }

    public required IPEndPoint OperationsAddress { get; init; }

    /// <summary>Where other agents reach this one; null when it was not said. Port 0 stands for the peer listener's.</summary>
    public IPEndPoint? AdvertiseAddress { get; init; }

    public required IReadOnlyList<HostAndPort> Seeds { get; init; }

    /// <summary>A file with more of them, which may change; null for none.</summary>
    public string? SeedFile { get; init; }

    public required IReadOnlyList<string> Registries { get; init; }

    public required IReadOnlyList<Regex> Filters { get; init; }

    public required TagResolution ResolveTags { get; init; }

    public required RegistryAuthentication RegistryAuthentication { get; init; }

    /// <summary>Mutual TLS between peers; null with --insecure.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The keys that seal the overlay's datagrams; null with --insecure.</summary>
    public string? ClusterKeyFile { get; init; }

    public required string StatePath { get; init; }

    /// <summary>The certs.d to keep; null to leave it alone.</summary>
    public string? HostsDirectory { get; init; }

    /// <summary>What to keep there.</summary>
    public HostsWishes Hosts { get; init; } = new();

    /// <summary>Its part in cold starts.</summary>
    public RelayOptions Relay { get; init; } = new();

    /// <summary>The listener for metrics alone; null for none.</summary>
    public IPEndPoint? MetricsAddress { get; init; }

    /// <summary>Its files.</summary>
    public MetricsFiles MetricsFiles { get; init; } = new(null, null, null);

    /// <summary>Where metrics are sent by OTLP; null for nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    public required LogLevel LogLevel { get; init; }
}

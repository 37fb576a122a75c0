using System.Net;

namespace Peili.Operator.Commands;

/// <summary>What <c>peili-operator run</c> was told, checked.</summary>
internal sealed record OperatorOptions
{
    /// <summary>The namespace of the operator and of the agents.</summary>
    public required string Namespace { get; init; }

    /// <summary>The agents' image where a RegistryMirror names none.</summary>
    public required string AgentImage { get; init; }

    /// <summary>Who this replica is.</summary>
    public required string Identity { get; init; }

    /// <summary>Listener of the probes.</summary>
    public required IPEndPoint ProbeAddress { get; init; }

    /// <summary>Listener of the page, on loopback; null for none.</summary>
    public IPEndPoint? PageAddress { get; init; }

    /// <summary>Listener of the metrics; null for none.</summary>
    public IPEndPoint? MetricsAddress { get; init; }

    public required LogLevel LogLevel { get; init; }
}

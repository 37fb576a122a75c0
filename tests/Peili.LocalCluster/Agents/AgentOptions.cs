using Peili.LocalCluster.Security;

namespace Peili.LocalCluster.Agents;

/// <summary>How an agent is started.</summary>
public sealed record AgentOptions
{
    /// <summary>The program; null for <see cref="DefaultProgram"/>.</summary>
    public string? Program { get; init; }

    /// <summary>What PEILI_AGENT names, or else artifacts/bin/peili-agent of this checkout, which <c>make build</c> leaves there.</summary>
    public static string DefaultProgram =>
        System.Environment.GetEnvironmentVariable("PEILI_AGENT") is { Length: > 0 } program
            ? Path.GetFullPath(program)
            : Checkout.PathOf("artifacts", "bin", "peili-agent");

    /// <summary>The peers to start from, host:port each; null for every node the cluster has at that moment.</summary>
    public IReadOnlyList<string>? Seeds { get; init; }

    /// <summary>Whether the agent keeps the node's certs.d, so that containerd asks it first.</summary>
    public bool WriteHosts { get; init; } = true;

    /// <summary>Certificates; null to start it with --insecure.</summary>
    public SecurityFiles? Security { get; init; }

    /// <summary>More arguments, behind all others.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];

    /// <summary>Environment variables to add.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The time it may take to say that it is ready.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(30);
}

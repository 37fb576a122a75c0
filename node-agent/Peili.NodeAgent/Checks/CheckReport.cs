using Peili.Flavors;

namespace Peili.NodeAgent.Checks;

/// <summary>What <c>peili-agent check</c> found.</summary>
internal sealed record CheckReport
{
    /// <summary>The flavor's name.</summary>
    public required string Flavor { get; init; }

    /// <summary>The flavor's name for people.</summary>
    public required string FlavorTitle { get; init; }

    /// <summary>containerd's version; null when nobody knows.</summary>
    public required string? ContainerdVersion { get; init; }

    /// <summary>What all of it comes to.</summary>
    public required FlavorVerdict Verdict { get; init; }

    /// <summary>containerd's socket.</summary>
    public required string Socket { get; init; }

    /// <summary>The configuration files that count, in the order in which they are read.</summary>
    public required IReadOnlyList<string> ConfigFiles { get; init; }

    /// <summary>The folders that containerd reads hosts.toml files from, as its configuration has them.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>What was found, the worst first.</summary>
    public required IReadOnlyList<NodeFinding> Findings { get; init; }
}

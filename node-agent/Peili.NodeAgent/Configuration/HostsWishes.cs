namespace Peili.NodeAgent.Configuration;

/// <summary>What <c>serve</c> and <c>configure</c> were told to put into certs.d.</summary>
internal sealed record HostsWishes
{
    public IReadOnlyList<MirrorSettings> Mirrors { get; init; } = [];

    /// <summary>Whether the agent's listener is among the hosts.</summary>
    public bool Agent { get; init; } = true;

    public bool ReplaceExisting { get; init; }

    public bool Upstream { get; init; } = true;

    /// <summary>k3s' registries.yaml; null for none.</summary>
    public RegistriesFile? Registries { get; init; }
}

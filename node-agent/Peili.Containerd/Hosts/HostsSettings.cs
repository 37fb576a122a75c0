namespace Peili.Containerd.Hosts;

/// <summary>What is to stand in certs.d.</summary>
public sealed record HostsSettings
{
    /// <summary>The registries to write for; with <see cref="HostsDirectory.Default"/> among them, every folder that exists too, for it would hide the default.</summary>
    public required IReadOnlyCollection<string> Registries { get; init; }

    /// <summary>Our hosts, in the order in which containerd is to try them.</summary>
    public required IReadOnlyList<HostEntry> Hosts { get; init; }

    /// <summary>The registry itself, by its name, where it is asked otherwise than by <c>https://name</c>. For files that are not there yet, or replaced.</summary>
    public IReadOnlyDictionary<string, HostEntry> Servers { get; init; } = new Dictionary<string, HostEntry>();

    /// <summary>Whether hosts that are there already are put out of force rather than kept behind ours.</summary>
    public bool ReplaceExisting { get; init; }

    /// <summary>Whether containerd asks the registry itself when none of the hosts has an image.</summary>
    public bool Upstream { get; init; } = true;
}

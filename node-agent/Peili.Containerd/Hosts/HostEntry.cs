namespace Peili.Containerd.Hosts;

/// <summary>A host that we put into a registry's hosts.toml: the agent's registry listener on this node, or another mirror.</summary>
/// <param name="Url">As it stands in the file, <c>http://127.0.0.1:29950</c>; containerd appends <c>/v2</c> to its path unless told otherwise.</param>
public sealed record HostEntry(string Url)
{
    /// <summary>What the listener wants in <see cref="RegistrySecretFile.HeaderName"/>; null when it wants nothing.</summary>
    public string? Secret { get; init; }

    /// <summary>Headers of every request to it.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>PEM files of the CAs it is believed under; paths as containerd sees them.</summary>
    public IReadOnlyList<string> Authorities { get; init; } = [];

    /// <summary>More of these CAs, as PEM text that <see cref="HostsDirectory"/> writes into a file and names; null for none.</summary>
    public string? AuthorityText { get; init; }

    /// <summary>PEM file of the client certificate, which may hold its key too.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>PEM file of its key.</summary>
    public string? ClientKey { get; init; }

    /// <summary>Whether its certificate is not looked at.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>Whether the path of <see cref="Url"/> is taken as it is, without <c>/v2</c>.</summary>
    public bool OverridePath { get; init; }

    /// <summary>How long to wait for a connection, such as <c>1s</c>; null for containerd's 30 s. Before 2.0.7 containerd ignores it.</summary>
    public string? DialTimeout { get; init; }

    /// <summary>What it is asked for. Never <c>referrers</c>: containerd before 2.2 refuses the whole file.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = ["pull", "resolve"];

    /// <summary>The registries it serves; none for every one.</summary>
    public IReadOnlyList<string> Registries { get; init; } = [];

    /// <summary>Whether only root may read what is written of it.</summary>
    internal bool IsSecret => Secret is not null || Headers.Count > 0;

    /// <summary>The headers, with the one that carries the secret.</summary>
    internal IEnumerable<KeyValuePair<string, string>> AllHeaders =>
        Secret is null ? Headers : Headers.Append(KeyValuePair.Create(RegistrySecretFile.HeaderName, Secret));
}

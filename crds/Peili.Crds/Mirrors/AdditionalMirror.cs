using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>A mirror besides the agents, such as a pull-through cache.</summary>
[Rule("!has(self.caSecretRef) || self.url.startsWith('https://')", Messages.HttpsWithAuthority)]
[Rule("!has(self.credentialsSecretRef) || self.url.startsWith('https://')", Messages.HttpsWithCredentials)]
public sealed record AdditionalMirror
{
    /// <summary>Where it is, as in <c>https://cache.example.com/docker</c>; containerd appends /v2. At most 1024 characters.</summary>
    [Length(1024, Min = 1)]
    [Pattern(Patterns.HttpUrl, Patterns.HttpUrlMessage)]
    public required string Url { get; init; }

    /// <summary>The registries it serves, of those the RegistryMirror is for; all of them where there are none. At most 32, each of at most 260 characters.</summary>
    [Items(32, Unique = true)]
    [Length(260, Min = 1)]
    [Pattern(Patterns.RegistryHost, Patterns.RegistryHostMessage)]
    public IReadOnlyList<string> Registries { get; init => field = value ?? []; } = [];

    /// <summary>The Secret with the certificates, PEM under ca.crt, that its certificate is believed under; the system's where there is none.</summary>
    public LocalObjectReference? CaSecretRef { get; init; }

    /// <summary>The Secret whose keys and values are headers of each request to it.</summary>
    public LocalObjectReference? HeadersSecretRef { get; init; }

    /// <summary>The Secret of type kubernetes.io/basic-auth with the username and password it asks for. They are written into files of the nodes that root alone can read.</summary>
    public LocalObjectReference? CredentialsSecretRef { get; init; }
}

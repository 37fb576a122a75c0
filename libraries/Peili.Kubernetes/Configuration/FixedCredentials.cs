namespace Peili.Kubernetes.Configuration;

/// <summary>Credentials that stay as they are.</summary>
internal sealed class FixedCredentials(Credential credential) : ICredentialSource
{
    public ValueTask<Credential> GetAsync(Credential? rejected, CancellationToken cancellationToken) => new(credential);
}

namespace Peili.Kubernetes.Configuration;

/// <summary>Where credentials come from. Safe for use by many threads.</summary>
public interface ICredentialSource
{
    /// <summary>The credential of now.</summary>
    /// <param name="rejected">One that the server has answered with 401: where the source can get another one, it does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KubeConfigException">There is none to be had.</exception>
    ValueTask<Credential> GetAsync(Credential? rejected, CancellationToken cancellationToken);
}

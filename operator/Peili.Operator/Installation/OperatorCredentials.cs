using System.Security.Cryptography;
using Peili.AgentApi.Security;
using Peili.Kubernetes.Models;
using Peili.Operator.Cluster;

namespace Peili.Operator.Installation;

/// <summary>What this process shows to agents: a certificate of its own, made from the authority, in memory alone.</summary>
internal sealed class OperatorCredentials(TimeProvider time)
{
    private readonly Lock _lock = new();
    private Trust? _trust;
    private volatile PeerCredentials? _current;

    /// <summary>What counts for a handshake that begins now.</summary>
    /// <exception cref="InvalidOperationException">There is no authority yet.</exception>
    public PeerCredentials Current => _current ?? throw new InvalidOperationException("there is no certificate authority yet");

    /// <summary>Whether there is one.</summary>
    public bool IsReady => _current is not null;

    /// <summary>Follows the authority in the copy of the cluster, which replicas that stand by have too.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Follow(ClusterCache cache, string inNamespace)
    {
        try
        {
            if (cache.Secrets.Items.GetValueOrDefault(new NamespacedName(inNamespace, Trust.SecretName)) is { } secret && Trust.Read(secret) is { } trust)
            {
                Follow(trust);
            }
        }
        catch (CryptographicException)
        {
            // Somebody wrote something else into the Secret. The leader's installation controller says so; what was there before goes on.
        }

        return IsReady;
    }

    /// <summary>Follows the authority; a new certificate is made when it changed.</summary>
    public void Follow(Trust trust)
    {
        lock (_lock)
        {
            if (_trust == trust && _current is not null && _current.ValidUntil - time.GetUtcNow().UtcDateTime > Authority.LeafValidity / 3)
            {
                return;
            }

            var (certificate, key) = trust.Issuer.Issue(PeerIdentity.Operator, time.GetUtcNow());
            _current = PeerCredentials.Parse(string.Concat(trust.Believed.Select(authority => authority.Certificate)), certificate, key);
            _trust = trust;
        }
    }
}

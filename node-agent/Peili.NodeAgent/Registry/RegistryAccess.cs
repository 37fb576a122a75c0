using System.Security.Cryptography;
using System.Text;
using Peili.Containerd.Hosts;

namespace Peili.NodeAgent.Registry;

/// <summary>
/// Keeps the loopback listener to this node's containerd: a secret that only root can read (0600 under the state path and in hosts.toml)
/// and containerd sends in a header.
/// </summary>
/// <param name="secret">The secret; null to let everybody in.</param>
internal sealed class RegistryAccess(string? secret)
{
    /// <summary>The secret, for hosts.toml.</summary>
    public string? Secret => secret;

    private readonly byte[]? _secret = secret is null ? null : Encoding.ASCII.GetBytes(secret);

    /// <summary>True when the request carries the secret. Takes the same time whatever it carries.</summary>
    public bool Allows(HttpRequest request) =>
        _secret is null
        || (request.Headers.TryGetValue(RegistrySecretFile.HeaderName, out var header)
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(header.ToString()), _secret));
}

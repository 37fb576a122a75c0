using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Peili.AgentApi;
using Peili.AgentApi.Security;
using Peili.Operator.Resources;

namespace Peili.Operator.Installation;

/// <summary>What the Secret <c>peili-agent</c> holds, which is mounted in the agents' pods.</summary>
internal sealed record AgentSecret(string Authorities, string Certificate, string Key, string Keys)
{
    /// <summary>The Secret's name.</summary>
    public const string SecretName = "peili-agent";

    /// <summary>What it is to hold; the certificate that it has stays while it is good.</summary>
    public static AgentSecret Of(Trust trust, Secret? standing, DateTimeOffset now)
    {
        var (certificate, key) = standing?.Text("tls.crt") is { } has && standing.Text("tls.key") is { } hasKey && trust.Issuer.IsFresh(has, PeerIdentity.Agent, now)
            ? (has, hasKey)
            : trust.Issuer.Issue(PeerIdentity.Agent, now);
        return new AgentSecret(
            string.Concat(trust.Believed.Select(authority => authority.Certificate)), certificate, key, string.Concat(trust.Keys.Select(each => each + "\n")));
    }

    /// <summary>The Secret's data.</summary>
    public JsonObject ToData() => new()
    {
        ["ca.crt"] = Trust.Base64(Authorities),
        ["tls.crt"] = Trust.Base64(Certificate),
        ["tls.key"] = Trust.Base64(Key),
        ["keys"] = Trust.Base64(Keys),
    };

    /// <summary>Whether an agent has loaded all of it.</summary>
    public bool IsLoadedBy(Loaded? loaded)
    {
        using var certificate = X509Certificate2.CreateFromPem(Certificate);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(Authorities);
        var keys = Keys.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(key => Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(key))));
        return loaded is not null
            && loaded.Certificate == certificate.GetCertHashString(HashAlgorithmName.SHA256)
            && loaded.Authorities.SequenceEqual(authorities.Select(authority => authority.GetCertHashString(HashAlgorithmName.SHA256)))
            && loaded.Keys.SequenceEqual(keys);
    }
}

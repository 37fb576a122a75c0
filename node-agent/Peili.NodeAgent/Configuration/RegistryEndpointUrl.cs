using System.Net;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Configuration;

/// <summary>An endpoint of registries.yaml, read as k3s reads it: the scheme may be missing, and a path other than /v2 is used as it is.</summary>
/// <param name="Registry">The host it is configured under.</param>
/// <param name="Url">As it stands in hosts.toml.</param>
/// <param name="OverridePath">Whether the path is used as it is.</param>
internal sealed record RegistryEndpointUrl(string Registry, string Url, bool OverridePath)
{
    /// <summary>Docker Hub's registry, known as docker.io.</summary>
    public const string DockerServer = "registry-1.docker.io";

    private const string DockerHub = "docker.io";
    private const string DefaultPath = "/v2";

    /// <summary>Reads an endpoint, or the name of a registry; null when it is none.</summary>
    public static RegistryEndpointUrl? Parse(string endpoint)
    {
        var scheme = endpoint.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? endpoint : endpoint[(scheme + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? rest : rest[..slash];
        var path = slash < 0 ? string.Empty : rest[slash..];
        var used = scheme < 0 ? DefaultScheme(host) : endpoint[..scheme];
        if (!RegistryHost.IsValid(host) || used is not ("http" or "https") || path.Any(character => char.IsWhiteSpace(character) || character is '?' or '#'))
        {
            return null;
        }

        var server = host == DockerHub ? DockerServer : host;
        var isDefault = path is "" or "/" or DefaultPath;
        return new RegistryEndpointUrl(server == DockerServer ? DockerHub : host, $"{used}://{server}{(isDefault ? DefaultPath : path)}", !isDefault);
    }

    /// <summary>A port of this machine speaks HTTP unless it is HTTPS' own.</summary>
    private static string DefaultScheme(string host) =>
        HostAndPort.TryParse(host, out var address) && address.Port != 443
        && (address.Host == "localhost" || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)))
            ? "http"
            : "https";
}

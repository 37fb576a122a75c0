using Peili.NodeAgent.Commands;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Configuration;

/// <summary>The section <c>configs</c> of registries.yaml.</summary>
/// <param name="All">By the host's name as it stands there.</param>
internal sealed record RegistryConfigs(IReadOnlyDictionary<string, RegistryTls> All)
{
    public static RegistryConfigs None { get; } = new(new Dictionary<string, RegistryTls>());

    /// <summary>Reads the section.</summary>
    /// <exception cref="UsageException">It is wrong, or has credentials.</exception>
    public static RegistryConfigs Read(YamlFile yaml, YamlNode node)
    {
        var all = new Dictionary<string, RegistryTls>(StringComparer.Ordinal);
        foreach (var (host, config) in yaml.Mapping(node))
        {
            if (host != "*" && RegistryEndpointUrl.Parse(host) is null)
            {
                throw yaml.Wrong(config, $"\"{host}\" is no registry");
            }

            foreach (var (key, value) in yaml.Mapping(config, "auth", "tls"))
            {
                if (key == "tls")
                {
                    all[host] = ReadTls(yaml, value);
                }
                else if (yaml.Mapping(value).Count > 0)
                {
                    throw yaml.Wrong(value, $"auth of {host} cannot be said in hosts.toml; leave it to k3s, which gives it to containerd in config.toml, or give the pods an imagePullSecret");
                }
            }
        }

        return new RegistryConfigs(all);
    }

    /// <summary>That of a host; docker.io's may stand under its real server's name.</summary>
    public RegistryTls? For(string host) => (host == "docker.io" ? All.GetValueOrDefault(RegistryEndpointUrl.DockerServer) : null) ?? All.GetValueOrDefault(host);

    private static RegistryTls ReadTls(YamlFile yaml, YamlNode node)
    {
        var tls = new RegistryTls(null, null, null, false);
        foreach (var (key, value) in yaml.Mapping(node, "ca_file", "cert_file", "key_file", "insecure_skip_verify"))
        {
            tls = key switch
            {
                "ca_file" => tls with { CaFile = yaml.Scalar(value) },
                "cert_file" => tls with { CertFile = yaml.Scalar(value) },
                "key_file" => tls with { KeyFile = yaml.Scalar(value) },
                _ => tls with { SkipVerify = yaml.Boolean(value) },
            };
        }

        return tls.CertFile is null == tls.KeyFile is null ? tls : throw yaml.Wrong(node, "cert_file and key_file are of use together only");
    }
}

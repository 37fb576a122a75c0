using Peili.Containerd.Hosts;
using Peili.NodeAgent.Commands;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Configuration;

/// <summary>k3s' and RKE2's registries.yaml, turned into the hosts.toml that k3s writes of it.</summary>
/// <param name="Hosts">The endpoints of each registry.</param>
/// <param name="Servers">The registries themselves.</param>
internal sealed record RegistriesFile(IReadOnlyList<HostEntry> Hosts, IReadOnlyDictionary<string, HostEntry> Servers)
{
    private const string EveryRegistry = "*";
    private static readonly string[] s_serverCapabilities = ["pull", "resolve", "push"];

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">It is wrong, or says what hosts.toml cannot; the message names file, line and column.</exception>
    public static RegistriesFile Read(string path)
    {
        var yaml = new YamlFile($"--registries-yaml {path}");
        var hosts = new List<HostEntry>();
        var servers = new Dictionary<string, HostEntry>(StringComparer.Ordinal);
        if (yaml.Load(path) is not { } root)
        {
            return new RegistriesFile(hosts, servers);
        }

        var sections = yaml.Mapping(root, "mirrors", "configs").ToDictionary(section => section.Key, section => section.Value, StringComparer.Ordinal);
        var configs = sections.TryGetValue("configs", out var node) ? RegistryConfigs.Read(yaml, node) : RegistryConfigs.None;
        foreach (var (registry, tls) in configs.All)
        {
            servers[FolderOf(registry)] = Server(registry, tls);
        }

        foreach (var (registry, mirror) in sections.TryGetValue("mirrors", out node) ? yaml.Mapping(node) : [])
        {
            var folder = FolderOf(registry);
            var server = servers.GetValueOrDefault(folder) ?? Server(registry, configs.For(registry));
            var endpoints = Endpoints(yaml, mirror).Select(endpoint => Entry(endpoint, configs) with { Registries = [folder] }).DistinctBy(host => host.Url).ToList();
            if (endpoints is [.., { } last] && last.Url == server.Url)
            {
                server = last with { Registries = [], Capabilities = s_serverCapabilities };
                endpoints.Remove(last);
            }

            hosts.AddRange(endpoints);
            if (endpoints.Count > 0 || servers.ContainsKey(folder))
            {
                servers[folder] = server;
            }
        }

        return new RegistriesFile(hosts, servers);
    }

    private static string FolderOf(string registry) => registry == EveryRegistry ? HostsDirectory.Default : registry;

    private static HostEntry Server(string registry, RegistryTls? tls) => registry == EveryRegistry
        ? Apply(new HostEntry(string.Empty) { Capabilities = [] }, tls)
        : Apply(new HostEntry(RegistryEndpointUrl.Parse(registry)!.Url) { Capabilities = s_serverCapabilities }, tls);

    private static HostEntry Entry(RegistryEndpointUrl endpoint, RegistryConfigs configs) =>
        Apply(new HostEntry(endpoint.Url) { OverridePath = endpoint.OverridePath }, configs.For(endpoint.Registry));

    private static HostEntry Apply(HostEntry entry, RegistryTls? tls) => tls is null
        ? entry
        : entry with { Authorities = tls.CaFile is null ? [] : [tls.CaFile], ClientCertificate = tls.CertFile, ClientKey = tls.KeyFile, SkipVerify = tls.SkipVerify };

    private static IEnumerable<RegistryEndpointUrl> Endpoints(YamlFile yaml, YamlNode mirror)
    {
        foreach (var (key, value) in yaml.Mapping(mirror, "endpoint", "rewrite"))
        {
            if (key == "rewrite" && yaml.Mapping(value).Count > 0)
            {
                throw yaml.Wrong(value, "rewrite cannot be said in hosts.toml, only k3s' own containerd knows it; leave it to k3s, or have the mirror serve the original names");
            }

            foreach (var endpoint in key == "endpoint" ? YamlFile.List(value) : [])
            {
                yield return RegistryEndpointUrl.Parse(yaml.Scalar(endpoint))
                    ?? throw yaml.Wrong(endpoint, $"endpoint must be a URL, or host, host:port, host/path, not \"{yaml.Scalar(endpoint)}\"");
            }
        }
    }
}

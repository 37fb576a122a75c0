using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Peili.Containerd;
using Peili.Flavors;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Registry;
using Peili.Overlay;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary>The options of <c>serve</c>, and what they say together.</summary>
internal static class ServeOptions
{
    private static readonly Option<string> NodeName = new("--node-name")
    {
        Description = "Name of this node, as Kubernetes knows it (default: the host's name).",
        HelpName = "NAME",
        DefaultValueFactory = _ => Environment.MachineName,
        CustomParser = result => ParseText(result, OverlayOptions.MaximumName)!,
    };

    private static readonly Option<string?> Zone = new("--zone")
    {
        Description = "This node's topology zone: holders of the same zone are asked first (default: that of the last start).",
        HelpName = "ZONE",
        CustomParser = result => ParseText(result, OverlayOptions.MaximumLabel),
    };

    private static readonly Option<string> ContainerdSocket = new("--containerd-socket")
    {
        Description = "containerd's gRPC socket.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "/run/containerd/containerd.sock",
    };

    private static readonly Option<string> ContainerdNamespace = new("--containerd-namespace")
    {
        Description = "containerd's namespace of the images to mirror.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "k8s.io",
    };

    private static readonly Option<string?> ContentPath = new("--content-path")
    {
        Description = "containerd's content store (default: asked of containerd).",
        HelpName = "DIR",
    };

    private static readonly Option<IPEndPoint> PeerAddress = new("--peer-address")
    {
        Description = "Listener for other agents.",
        HelpName = "IP:PORT",
        DefaultValueFactory = _ => new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, CommonOptions.DefaultPeerPort),
        CustomParser = result => CommonOptions.ParseEndPoint(result)!,
    };

    private static readonly Option<IPEndPoint?> AdvertiseAddress = new("--advertise-address")
    {
        Description = "Where other agents reach this one; a port of its own may be left out.",
        HelpName = "IP[:PORT]",
        CustomParser = ParseAdvertised,
    };

    private static readonly Option<HostAndPort[]> Seeds = new("--seed")
    {
        Description = "Another agent's peer endpoint, to meet the cluster through (repeatable); a DNS name contributes every address it has. "
            + "Without any, the last known peers under --state-path are tried.",
        HelpName = "HOST:PORT",
        CustomParser = result => [.. result.Tokens.Select(token => ParseSeed(result, token.Value)).OfType<HostAndPort>()],
    };

    private static readonly Option<string?> SeedFile = new("--seed-file")
    {
        Description = "File with more seeds, one HOST:PORT a line, which may change at any time.",
        HelpName = "FILE",
    };

    private static readonly Option<Regex[]> Filters = new("--filter")
    {
        Description = "Regular expression; an image that matches it, as host/repository:tag or host/repository@digest, is never mirrored (repeatable).",
        HelpName = "REGEX",
        CustomParser = result => [.. result.Tokens.Select(token => ParseFilter(result, token.Value)).OfType<Regex>()],
    };

    private static readonly Option<Word<TagResolution>> ResolveTags = WordOption.Create(
        "--resolve-tags",
        "Who says what a tag means: the upstream registry and, while it does not answer, the cluster (WhenUpstreamDown); the cluster first (Always); upstream alone (Never).",
        TagResolution.WhenUpstreamDown,
        ("Always", TagResolution.Always), ("WhenUpstreamDown", TagResolution.WhenUpstreamDown), ("Never", TagResolution.Never));

    private static readonly Option<Word<LogLevel>> Level = WordOption.Create(
        "--log-level",
        "Least severe log lines to write.",
        LogLevel.Information,
        ("Debug", LogLevel.Debug), ("Information", LogLevel.Information), ("Warning", LogLevel.Warning), ("Error", LogLevel.Error));

    private static readonly Option<string?> ClusterKeyFile = new("--cluster-key-file")
    {
        Description = "Keys of the overlay's datagrams, one of 256 bits in base64 a line (watched): the first seals, each of them opens.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> TlsAuthorities = new("--tls-ca")
    {
        Description = "CA certificates that peers are believed under, PEM (watched).",
        HelpName = "FILE",
    };

    private static readonly Option<string?> TlsCertificate = new("--tls-cert")
    {
        Description = "This agent's certificate, PEM, with the URI SAN spiffe://peili.dev/agent (watched).",
        HelpName = "FILE",
    };

    private static readonly Option<string?> TlsKey = new("--tls-key")
    {
        Description = "Its private key, PEM (watched).",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "No TLS, no cluster keys, and no registry secret unless --registry-auth header is given: for tests and single machines only.",
    };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            CommonOptions.Config, NodeName, Zone, ContainerdSocket, ContainerdNamespace, ContentPath, NodeOptions.Flavor, NodeOptions.ContainerdConfig, CommonOptions.RegistryAddress, PeerAddress, AdvertiseAddress,
            CommonOptions.OperationsAddress, Seeds, SeedFile, CommonOptions.Registries, Filters, ResolveTags, CommonOptions.RegistryAuthentication,
            ClusterKeyFile, TlsAuthorities, TlsCertificate, TlsKey, CommonOptions.StatePath,
            CommonOptions.HostsDirectory, HostsOptions.Mirrors, HostsOptions.RegistriesYaml, HostsOptions.ReplaceExisting, HostsOptions.NoUpstream, Level, Insecure,
        }.Concat(RelayArguments.All).Concat(MetricsArguments.All))
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads the options, and checks what only shows when they are seen together.</summary>
    /// <exception cref="UsageException">They do not go together.</exception>
    public static AgentOptions Bind(ParseResult parsed)
    {
        var insecure = parsed.GetValue(Insecure);
        RefuseContradiction(parsed, insecure);
        var peerAddress = parsed.GetRequiredValue(PeerAddress);
        var advertised = parsed.GetValue(AdvertiseAddress);
        var tls = insecure ? null : new TlsFiles(Require(parsed, TlsAuthorities), Require(parsed, TlsCertificate), Require(parsed, TlsKey));
        var metrics = MetricsArguments.Bind(parsed, tls);
        return new AgentOptions
        {
            NodeName = parsed.GetRequiredValue(NodeName),
            Zone = parsed.GetValue(Zone),
            ContainerdSocket = parsed.GetRequiredValue(ContainerdSocket),
            ContainerdNamespace = parsed.GetRequiredValue(ContainerdNamespace),
            ContentPath = parsed.GetValue(ContentPath),
            Flavor = KnownFlavor(parsed.GetValue(NodeOptions.Flavor)),
            ContainerdConfig = parsed.GetValue(NodeOptions.ContainerdConfig),
            RegistryAddress = parsed.GetRequiredValue(CommonOptions.RegistryAddress),
            PeerAddress = peerAddress,
            OperationsAddress = parsed.GetRequiredValue(CommonOptions.OperationsAddress),
            AdvertiseAddress = advertised is { Port: 0 } ? new IPEndPoint(advertised.Address, peerAddress.Port) : advertised,
            Seeds = parsed.GetValue(Seeds) ?? [],
            SeedFile = parsed.GetValue(SeedFile),
            Registries = parsed.GetValue(CommonOptions.Registries) ?? [],
            Filters = parsed.GetValue(Filters) ?? [],
            ResolveTags = parsed.GetRequiredValue(ResolveTags).Value,
            RegistryAuthentication = insecure && parsed.GetResult(CommonOptions.RegistryAuthentication) is not { Implicit: false }
                ? RegistryAuthentication.None
                : parsed.GetRequiredValue(CommonOptions.RegistryAuthentication).Value,
            Tls = tls,
            ClusterKeyFile = insecure ? null : Require(parsed, ClusterKeyFile),
            StatePath = parsed.GetRequiredValue(CommonOptions.StatePath),
            HostsDirectory = parsed.GetValue(CommonOptions.HostsDirectory),
            Hosts = HostsOptions.Bind(parsed, HostRoot.Own),
            Relay = RelayArguments.Bind(parsed),
            MetricsAddress = metrics?.Address,
            MetricsFiles = metrics?.Files ?? new MetricsFiles(null, null, null),
            OtlpEndpoint = MetricsArguments.BindOtlp(parsed),
            LogLevel = parsed.GetRequiredValue(Level).Value,
        };
    }

    private static string? KnownFlavor(string? name)
    {
        try
        {
            return name is null ? null : FlavorCatalog.Load().Get(name).Name;
        }
        catch (FlavorException exception)
        {
            throw new UsageException($"--flavor: {exception.Message}");
        }
    }

    /// <summary>Half a protection would look like one.</summary>
    private static void RefuseContradiction(ParseResult parsed, bool insecure)
    {
        if (insecure && new[] { ClusterKeyFile, TlsAuthorities, TlsCertificate, TlsKey }.FirstOrDefault(option => parsed.GetValue(option) is not null) is { } given)
        {
            throw new UsageException($"{given.Name} and --insecure contradict each other: leave one of them out");
        }
    }

    private static string Require(ParseResult parsed, Option<string?> option) => parsed.GetValue(option)
        ?? throw new UsageException($"{option.Name} must be given ({option.Description}); or --insecure, for tests and single machines only");

    /// <summary>An address alone is taken too, for that is what Kubernetes' downward API gives; the port is then the listener's.</summary>
    private static IPEndPoint? ParseAdvertised(ArgumentResult result) =>
        !HostAndPort.TryParse(result.Tokens[0].Value, out _) && IPAddress.TryParse(result.Tokens[0].Value, out var address)
            ? new IPEndPoint(address, 0)
            : CommonOptions.ParseEndPoint(result);

    /// <summary>Names travel in every member's record: they are bounded, and of visible ASCII characters.</summary>
    private static string? ParseText(ArgumentResult result, int maxLength)
    {
        var text = result.Tokens[0].Value;
        if (text.Length > 0 && text.Length <= maxLength && text.All(character => character is > ' ' and <= '~'))
        {
            return text;
        }

        result.AddError($"{CommonOptions.NameOf(result)} must have 1 to {maxLength} visible ASCII characters, not \"{text}\"");
        return null;
    }

    private static HostAndPort? ParseSeed(ArgumentResult result, string text)
    {
        if (HostAndPort.TryParse(text, out var seed) && seed.Port > 0)
        {
            return seed;
        }

        result.AddError($"--seed must be HOST:PORT (IPv6 in brackets), not \"{text}\"");
        return null;
    }

    private static Regex? ParseFilter(ArgumentResult result, string text)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            result.AddError($"--filter \"{text}\" is no regular expression (RE2 style, without look-around and back-references): {exception.Message}");
            return null;
        }
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Registry;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public const int DefaultRegistryPort = 29950;
    public const int DefaultPeerPort = 29951;
    public const int DefaultOperationsPort = 29952;

    public static Option<string?> Config { get; } = new("--config")
    {
        Description = "YAML file with options, named as here without the dashes. The command line wins, then PEILI_... variables, then this file.",
        HelpName = "FILE",
    };

    public static Option<string> StatePath { get; } = new("--state-path")
    {
        Description = "Folder for the registry listener's secret, the last known peers, the backups of certs.d and the CAs of mirrors.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "/var/lib/peili",
    };

    public static Option<string?> HostsDirectory { get; } = new("--hosts-dir")
    {
        Description = "containerd's certs.d, the folder that its config_path names.",
        HelpName = "DIR",
    };

    public static Option<string[]> Registries { get; } = new("--registry")
    {
        Description = "Registry to mirror, such as docker.io (repeatable; default: every registry).",
        HelpName = "HOST",
        CustomParser = result => [.. result.Tokens.Select(token => ParseRegistry(result, token.Value))],
    };

    public static Option<IPEndPoint> RegistryAddress { get; } = new("--registry-address")
    {
        Description = "Listener for this node's containerd.",
        HelpName = "IP:PORT",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, DefaultRegistryPort),
        CustomParser = result => ParseEndPoint(result)!,
    };

    public static Option<IPEndPoint> OperationsAddress { get; } = new("--ops-address")
    {
        Description = "The agent's listener for probes and status (/livez, /readyz, /metrics, /status, /locate, /probe).",
        HelpName = "IP:PORT",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, DefaultOperationsPort),
        CustomParser = result => ParseEndPoint(result)!,
    };

    public static Option<Word<RegistryAuthentication>> RegistryAuthentication { get; } = WordOption.Create(
        "--registry-auth",
        "What the registry listener asks of its clients: header (a secret that only this node's containerd has) or none.",
        Configuration.RegistryAuthentication.Header,
        ("header", Configuration.RegistryAuthentication.Header), ("none", Configuration.RegistryAuthentication.None));

    /// <summary>Reads <c>IP:PORT</c>, brackets around IPv6.</summary>
    public static IPEndPoint? ParseEndPoint(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (HostAndPort.TryParse(text, out var parsed) && IPAddress.TryParse(parsed.Host, out var address))
        {
            return new IPEndPoint(address, parsed.Port);
        }

        result.AddError($"{NameOf(result)} must be IP:PORT (IPv6 in brackets), not \"{text}\"");
        return null;
    }

    /// <summary>The option a value belongs to, for error messages.</summary>
    public static string NameOf(ArgumentResult result) => (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;

    private static string ParseRegistry(ArgumentResult result, string text)
    {
        if (!RegistryHost.IsValid(text))
        {
            result.AddError($"{NameOf(result)} must be a registry's host or host:port, not \"{text}\"");
        }

        return text;
    }
}

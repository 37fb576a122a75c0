using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using Peili.Operator.Hosting;

namespace Peili.Operator.Commands;

/// <summary><c>peili-operator run</c>: runs the operator until it is told to stop.</summary>
internal static class RunCommand
{
    private const int MetricsPort = 8080;
    private const int ProbePort = 8081;
    private const int PagePort = 8082;

    /// <summary>sysexits' EX_TEMPFAIL: the leadership went to somebody else; the supervisor starts the process anew.</summary>
    private const int LeadershipLost = 75;

    private static readonly Option<string?> s_namespace = new("--namespace")
    {
        Description = "Namespace of the operator and of the agents (default: POD_NAMESPACE, else peili-system).",
        HelpName = "NAME",
    };

    private static readonly Option<string?> s_agentImage = new("--agent-image")
    {
        Description = "The agents' image where a RegistryMirror names none (default: PEILI_AGENT_IMAGE).",
        HelpName = "IMAGE",
    };

    private static readonly Option<IPEndPoint> s_probeAddress = new("--probe-address")
    {
        Description = "Listener of /healthz and /readyz.",
        HelpName = "IP:PORT",
        DefaultValueFactory = _ => new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, ProbePort),
        CustomParser = ParseEndPoint,
    };

    private static readonly Option<IPEndPoint> s_pageAddress = new("--page-address")
    {
        Description = "Listener of the page for people, on loopback: kubectl port-forward reaches it there. It asks for no password.",
        HelpName = "IP:PORT",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, PagePort),
        CustomParser = ParseLoopback,
    };

    private static readonly Option<IPEndPoint> s_metricsAddress = new("--metrics-address")
    {
        Description = "Listener of /metrics, under TLS and for the bearer token of Secret peili-metrics.",
        HelpName = "IP:PORT",
        DefaultValueFactory = _ => new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, MetricsPort),
        CustomParser = ParseEndPoint,
    };

    private static readonly Option<LogLevel> s_logLevel = new("--log-level")
    {
        Description = "Least severe log lines to write: Debug, Information, Warning or Error.",
        HelpName = "LEVEL",
        DefaultValueFactory = _ => LogLevel.Information,
    };

    public static Command Create()
    {
        var command = new Command(
            "run",
            "Run the operator until SIGTERM. Of several replicas one leads, by a Lease; the others stand by. Exit status 75: the leadership was lost, start it anew.")
        {
            ApiServerOptions.KubeConfig, ApiServerOptions.Context, s_namespace, s_agentImage, s_probeAddress, s_metricsAddress, s_pageAddress, s_logLevel,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new OperatorOptions
        {
            Namespace = parsed.GetValue(s_namespace) ?? Variable("POD_NAMESPACE") ?? "peili-system",
            AgentImage = parsed.GetValue(s_agentImage) ?? Variable("PEILI_AGENT_IMAGE")
                ?? throw new IOException("--agent-image must be given, or PEILI_AGENT_IMAGE set: it is the image of the agents"),
            Identity = $"{Variable("POD_NAME") ?? Environment.MachineName}_{Guid.NewGuid():N}",
            ProbeAddress = parsed.GetRequiredValue(s_probeAddress),
            PageAddress = parsed.GetRequiredValue(s_pageAddress),
            MetricsAddress = parsed.GetRequiredValue(s_metricsAddress),
            LogLevel = parsed.GetRequiredValue(s_logLevel),
        };
        await using var host = OperatorHost.Build(options, ApiServerOptions.Read(parsed));
        var leadership = host.Services.GetRequiredService<Leadership>();

        // Disposes of the host and its services when it ends.
        await host.RunAsync(cancellationToken);
        return leadership.IsLost ? LeadershipLost : Environment.ExitCode;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static IPEndPoint? ParseEndPoint(ArgumentResult result)
    {
        if (IPEndPoint.TryParse(result.Tokens[0].Value, out var address) && address.Port > 0)
        {
            return address;
        }

        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be IP:PORT (IPv6 in brackets), not \"{result.Tokens[0].Value}\"");
        return null;
    }

    private static IPEndPoint? ParseLoopback(ArgumentResult result)
    {
        var address = ParseEndPoint(result);
        if (address is not null && !IPAddress.IsLoopback(address.Address))
        {
            result.AddError($"--page-address must be on loopback, for the page asks for no password, not \"{result.Tokens[0].Value}\"");
            return null;
        }

        return address;
    }
}

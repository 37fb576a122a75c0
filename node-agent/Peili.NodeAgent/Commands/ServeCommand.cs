using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Peili.NodeAgent.Hosting;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent serve</c>: runs the agent until SIGTERM.</summary>
internal static class ServeCommand
{
    /// <summary>
    /// Reading a cold disk blocks a pool thread. With as many threads as cores, a few slow reads would keep even /livez waiting.
    /// </summary>
    private const int MinPoolThreads = 32;

    public static Command Create()
    {
        var command = new HelpfulCommand(
            "serve",
            "Run the agent. It prints one line, ready, on standard output when it can serve, and logs to standard error. "
            + "On SIGTERM it takes no new requests and finishes running transfers for up to 60 s; a second one ends it at once.",
            """
            peili-agent serve --insecure --hosts-dir /etc/containerd/certs.d          # a trial on one machine
            peili-agent serve --config /etc/peili/agent.yaml
            peili-agent serve --tls-ca ca.crt --tls-cert tls.crt --tls-key tls.key --cluster-key-file keys \
                --advertise-address 10.0.0.5 --seed 10.0.0.6:29951 --zone rack-1 --hosts-dir /etc/containerd/certs.d
            """);
        ServeOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ThreadPool.SetMinThreads(MinPoolThreads, MinPoolThreads);
        var options = ServeOptions.Bind(parsed);
        await using var agent = AgentHost.Build(options);
        try
        {
            await agent.StartAsync(cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new IOException(
                $"cannot listen on {string.Join(", ", new[] { options.RegistryAddress, options.PeerAddress, options.OperationsAddress, options.MetricsAddress }.OfType<IPEndPoint>())}: {exception.Message}", exception);
        }

        await agent.WaitForShutdownAsync(cancellationToken);
        return Environment.ExitCode;
    }
}

using System.Net;
using Peili.Containerd.Cri;
using Peili.Containerd.Hosts;
using Peili.Flavors;
using Peili.Grpc;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Checks;

/// <summary>The proof: containerd is made to pull a name that does not exist, and the agent is asked whether the pull came by.</summary>
internal static class Probe
{
    /// <summary>A registry that cannot exist (RFC 2606).</summary>
    private const string MadeUpRegistry = "peili-probe.invalid";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Does it.</summary>
    /// <param name="node">The node, whose containerd answers.</param>
    /// <param name="report">What was found without it.</param>
    /// <param name="operationsAddress">Where the agent can be asked.</param>
    /// <param name="cancellationToken">Ends the probe.</param>
    /// <returns>Why it failed; null when the pull came to the agent.</returns>
    public static async Task<NodeFinding?> RunAsync(NodeUnderCheck node, CheckReport report, IPEndPoint operationsAddress, CancellationToken cancellationToken)
    {
        if (Registry(node, report) is not { } registry)
        {
            return Failed($"no hosts.toml names {node.Agent.GetLeftPart(UriPartial.Authority)}: run peili-agent configure, or serve with --hosts-dir", node.HostsDirectory);
        }

        var id = Guid.NewGuid().ToString("N");
        var image = $"{registry}/{ProbeLog.Prefix}{id}:probe";
        try
        {
            await AskAsync(operationsAddress, id, cancellationToken);
            return await PullAsync(node, image, () => AskAsync(operationsAddress, id, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return new NodeFinding(Finding.AgentUnreachable, FindingSeverity.Error, exception.Message, operationsAddress.ToString());
        }
    }

    private static async Task<NodeFinding?> PullAsync(NodeUnderCheck node, string image, Func<Task<ProbeReport>> ask, CancellationToken cancellationToken)
    {
        using var cri = new CriClient(node.Host.At(node.SocketPath));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(Patience);
        var pull = PullAsync(cri, image, ending.Token);
        ProbeReport answer;
        bool ended;
        do
        {
            ended = await Task.WhenAny(pull, Task.Delay(Period, cancellationToken)) == pull;
            answer = await ask();
        }
        while (!ended && !answer.Reached);

        await ending.CancelAsync();
        var error = await pull;
        cancellationToken.ThrowIfCancellationRequested();
        return answer switch
        {
            { Reached: true, Allowed: true } => null,
            { Reached: true } => Failed("containerd came to the agent without the registry secret: its hosts.toml is not the one that the agent writes", node.HostsDirectory),
            _ => Failed($"containerd was asked for {image} and did not come to the agent. It said: {error}", node.SocketPath),
        };
    }

    /// <summary>What containerd said; the pull of a name that does not exist never succeeds.</summary>
    private static async Task<string> PullAsync(CriClient cri, string image, CancellationToken cancellationToken)
    {
        try
        {
            await cri.PullImageAsync(image, cancellationToken);
            return "pulled";
        }
        catch (RpcException exception)
        {
            return exception.Message;
        }
        catch (OperationCanceledException)
        {
            return "nothing in time";
        }
    }

    private static async Task<ProbeReport> AskAsync(IPEndPoint agent, string id, CancellationToken cancellationToken) =>
        OperationsClient.Read(await OperationsClient.GetAsync(agent, $"/probe?id={id}", cancellationToken), AgentStatusJson.Default.ProbeReport);

    /// <summary>A registry whose pulls should come by: any, where the agent stands in the default.</summary>
    private static string? Registry(NodeUnderCheck node, CheckReport report)
    {
        var folder = report.ConfigPath.Split(':', StringSplitOptions.RemoveEmptyEntries).Append(node.HostsDirectory)
            .SelectMany(directory => RegistryHosts.ReadAll(node.Host, directory))
            .Where(registry => registry.Names(node.Agent))
            .OrderBy(registry => registry.Folder != HostsDirectory.Default)
            .FirstOrDefault()?.Folder;
        return folder == HostsDirectory.Default ? MadeUpRegistry : folder;
    }

    private static NodeFinding Failed(string message, string evidence) => new(Finding.ProbeFailed, FindingSeverity.Error, message, evidence);
}

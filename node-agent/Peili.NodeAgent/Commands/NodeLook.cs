using System.CommandLine;
using Peili.Containerd.Configuration;
using Peili.Flavors;
using Peili.Grpc;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Commands;

/// <summary>The look at a node and its containerd with which <c>check</c> and <c>remediate</c> begin.</summary>
internal static class NodeLook
{
    /// <summary>Adds the options that say where to look.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            NodeOptions.Flavor, NodeOptions.HostRoot, NodeOptions.ContainerdSocket, NodeOptions.ContainerdConfig, NodeOptions.ContainerdVersion,
            CommonOptions.HostsDirectory, CommonOptions.RegistryAddress,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The node that the options name; what they leave open is the flavor's.</summary>
    public static async Task<NodeUnderCheck> LookAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var flavors = FlavorCatalog.Load();
        var (host, flavor) = NodeOptions.Bind(parsed, flavors);
        var unknown = flavors.Unknown.Paths;
        var node = new NodeUnderCheck
        {
            Host = host,
            Flavor = flavor,
            Release = parsed.GetValue(NodeOptions.ContainerdVersion),
            SocketPath = parsed.GetValue(NodeOptions.ContainerdSocket) ?? flavor.Paths.Socket ?? unknown.Socket!,
            ConfigFile = parsed.GetValue(NodeOptions.ContainerdConfig) ?? flavor.Paths.Config ?? unknown.Config!,
            HostsDirectory = parsed.GetValue(CommonOptions.HostsDirectory) ?? flavor.Paths.Hosts ?? unknown.Hosts!,
            Agent = HostsTarget.AgentUrl(parsed.GetRequiredValue(CommonOptions.RegistryAddress)),
        };
        if (flavor.Verdict == FlavorVerdict.Unsupported)
        {
            return node;
        }

        var socket = host.At(node.SocketPath);
        if (!Path.Exists(socket))
        {
            return node with { Unreachable = "there is no such socket; --containerd-socket says where it is" };
        }

        try
        {
            var daemon = await DaemonInquiry.AskAsync(socket, cancellationToken);
            return node with
            {
                Daemon = daemon,
                Release = ReleaseNumber.TryParse(daemon.Version, out var release) ? release : node.Release,
            };
        }
        catch (RpcException exception)
        {
            return node with { Unreachable = exception.Message };
        }
    }
}

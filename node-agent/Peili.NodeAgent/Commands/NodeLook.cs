using System.CommandLine;
using Peili.Flavors;
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
        return await node.AskedAsync(cancellationToken);
    }
}

using System.CommandLine;
using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.Flavors;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Commands;

/// <summary>Options that say which node is looked at.</summary>
internal static class NodeOptions
{
    public static Option<string?> Flavor { get; } = new("--flavor")
    {
        Description = "Kind of node, such as k3s or kubeadm: its paths and its remedies count (default: told by the host's files).",
        HelpName = "NAME",
        CompletionSources = { _ => FlavorCatalog.Load().Flavors.Select(flavor => flavor.Name) },
    };

    public static Option<string> HostRoot { get; } = new("--host-root")
    {
        Description = "Where the node's / is, when this runs in a container with the node mounted; every path is the node's.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "/",
    };

    public static Option<string?> ContainerdSocket { get; } = new("--containerd-socket")
    {
        Description = "containerd's gRPC socket (default: the flavor's).",
        HelpName = "PATH",
    };

    public static Option<string?> ContainerdConfig { get; } = new("--containerd-config")
    {
        Description = "containerd's configuration file (default: the flavor's).",
        HelpName = "FILE",
    };

    public static Option<ReleaseNumber?> ContainerdVersion { get; } = new("--containerd-version")
    {
        Description = "containerd's version, where it does not run yet and so cannot be asked.",
        HelpName = "X.Y.Z",
        CustomParser = result =>
        {
            if (ReleaseNumber.TryParse(result.Tokens[0].Value, out var number))
            {
                return number;
            }

            result.AddError($"{CommonOptions.NameOf(result)} must be a version such as 1.7.24, not \"{result.Tokens[0].Value}\"");
            return null;
        },
    };

    /// <summary>The host that is looked at.</summary>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public static HostRoot BindHost(ParseResult parsed)
    {
        try
        {
            return new HostRoot(parsed.GetRequiredValue(HostRoot));
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new UsageException($"--host-root: {exception.Message}");
        }
    }

    /// <summary>The host that is looked at, and its flavor.</summary>
    /// <exception cref="UsageException">There is no such folder, or no such flavor.</exception>
    public static (HostRoot Host, Flavor Flavor) Bind(ParseResult parsed, FlavorCatalog flavors)
    {
        var host = BindHost(parsed);
        try
        {
            return (host, parsed.GetValue(Flavor) is { } name ? flavors.Get(name) : flavors.Detect(new HostFacts(host)));
        }
        catch (FlavorException exception)
        {
            throw new UsageException($"--flavor: {exception.Message}");
        }
    }
}

using Peili.Containerd;
using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Control;

/// <summary>Checks this node, as <c>peili-agent check</c> does, while the agent runs.</summary>
internal sealed class NodeChecker(AgentOptions options, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly FlavorCatalog _flavors = FlavorCatalog.Load();
    private volatile CheckReport? _report;

    /// <summary>What the last check found; null before the first has ended.</summary>
    public CheckReport? Report => _report;

    /// <summary>Checks again and again until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            _report = NodeCheck.Run(await LookAsync(cancellationToken));
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<NodeUnderCheck> LookAsync(CancellationToken cancellationToken)
    {
        var flavor = options.Flavor is { } name ? _flavors.Get(name) : _flavors.Detect(new HostFacts(HostRoot.Own));
        var node = new NodeUnderCheck
        {
            Host = HostRoot.Own,
            Flavor = flavor,
            Release = null,
            SocketPath = options.ContainerdSocket,
            ConfigFile = options.ContainerdConfig ?? flavor.Paths.Config ?? _flavors.Unknown.Paths.Config!,
            HostsDirectory = options.HostsDirectory ?? flavor.Paths.Hosts ?? _flavors.Unknown.Paths.Hosts!,
            Agent = HostsTarget.AgentUrl(options.RegistryAddress),
        };
        return await node.AskedAsync(cancellationToken);
    }
}

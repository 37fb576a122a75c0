using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Control;

/// <summary>
/// Checks this node, as <c>peili-agent check</c> does, while the agent runs: whenever a file that the last check looked at has changed, some
/// times after that, for a containerd that was restarted needs a while, and once a minute in any case.
/// </summary>
internal sealed class NodeChecker(AgentOptions options, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly FlavorCatalog _flavors = FlavorCatalog.Load();
    private ObservedHost _host = new();
    private long _checkedAt;
    private long _changedAt;
    private volatile CheckReport? _report;

    /// <summary>What the last check found; null before the first has ended.</summary>
    public CheckReport? Report => _report;

    /// <summary>Checks again and again until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _changedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            if (IsDue())
            {
                _checkedAt = time.GetTimestamp();
                _host = new ObservedHost();
                _report = NodeCheck.Run(await LookAsync(cancellationToken));
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>A containerd that did not answer may do so again without a trace in any file.</summary>
    private bool IsDue()
    {
        if (_host.HasChanged())
        {
            _changedAt = time.GetTimestamp();
        }

        return _report is null or { Verdict: FlavorVerdict.Unknown } || time.GetElapsedTime(_changedAt) <= Settling || time.GetElapsedTime(_checkedAt) >= Longest;
    }

    private async Task<NodeUnderCheck> LookAsync(CancellationToken cancellationToken)
    {
        var flavor = options.Flavor is { } name ? _flavors.Get(name) : _flavors.Detect(new HostFacts(_host));
        var node = new NodeUnderCheck
        {
            Host = _host,
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

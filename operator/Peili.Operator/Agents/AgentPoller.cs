using System.Net;
using Peili.AgentApi;
using Peili.Kubernetes.Models;
using Peili.Operator.Cluster;

namespace Peili.Operator.Agents;

/// <summary>
/// Keeps <see cref="AgentReports"/>: reads the member table from one agent, and asks those whose status version changed, who failed, and who were not asked for long.
/// </summary>
internal sealed partial class AgentPoller(
    ClusterCache cache, AgentReports reports, AgentAddresses addresses, AgentClient agents, TimeProvider time, ILogger<AgentPoller> logger)
{
    /// <summary>In clusters up to this size whoever sees another number of members is asked at once.</summary>
    public const int SmallCluster = 100;

    private const int AskedAtOnce = 32;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_withoutTable = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _askedAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _tableHash;
    private string? _teller;
    private volatile Loaded? _loaded;

    /// <summary>Ends when every agent there was has been asked once.</summary>
    public Task AskedAll => _askedAll.Task;

    /// <summary>How old an answer may become, for its counters: a minute, and in large clusters as long as 10 answers a second take.</summary>
    public static TimeSpan CounterInterval(int nodes) => TimeSpan.FromSeconds(Math.Max(60, nodes / 10));

    /// <summary>Asks until the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        var retries = Task.CompletedTask;
        try
        {
            do
            {
                await ReadTableAsync(cancellationToken);
                if (reports.Members.Count == 0)
                {
                    // Who is asked before there is a table is asked again when there is one.
                    await AskAsync(Due().Take(AskedAtOnce), cancellationToken);
                    await ReadTableAsync(cancellationToken);
                }

                var due = Due().ToLookup(agent => reports.Of(agent.Node)?.UnreachableSince is null);
                await AskAsync(due[true], cancellationToken);
                _askedAll.TrySetResult();

                // Who hangs takes seconds to ask: those who answer are not to wait for that.
                if (retries.IsCompleted)
                {
                    await retries;
                    retries = AskAsync(due[false], cancellationToken);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            await retries.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks one agent now.</summary>
    public async Task AskAsync(string node, IPEndPoint agent, CancellationToken cancellationToken)
    {
        var before = reports.Of(node);
        var member = reports.Members.GetValueOrDefault(node);
        var report = new AgentReport { AskedAt = time.GetUtcNow(), Version = (member?.Epoch ?? 0, member?.StatusVersion ?? 0) };
        try
        {
            var reply = await StatusAsync(agent, member is null or { State: "Alive" }, cancellationToken);
            reply.Loaded = Shared(reply.Loaded);

            // Old when it would be read, and much of it in the middle of a cold start; who looks at the page has it asked for.
            reply.ColdStart.Clear();
            report = reply.NodeName == node
                ? report with { Reply = reply }
                : report with { Reply = before?.Reply, UnreachableSince = Since(), Error = $"the agent at {agent} says that it is {reply.NodeName}'s" };
        }
        catch (AgentUnreachableException exception)
        {
            report = report with { Reply = before?.Reply, UnreachableSince = Since(), Error = exception.Message };
        }

        reports.Set(node, report);

        DateTimeOffset Since() => before?.UnreachableSince ?? report.AskedAt;
    }

    /// <summary>One that its peers do not take for dead is asked once more: a moment's delay among thousands is no news.</summary>
    private async Task<StatusReply> StatusAsync(IPEndPoint agent, bool mayLive, CancellationToken cancellationToken)
    {
        try
        {
            return await agents.StatusAsync(agent, cancellationToken);
        }
        catch (AgentUnreachableException) when (mayLive)
        {
            return await agents.StatusAsync(agent, cancellationToken);
        }
    }

    /// <summary>All agents have loaded the same, but for a moment: it is kept once.</summary>
    private Loaded? Shared(Loaded? loaded) => loaded is not null && loaded.Equals(_loaded) ? _loaded : _loaded = loaded;

    private async Task ReadTableAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, agent) in Tellers())
        {
            try
            {
                var table = await agents.MembersAsync(agent, name == _teller ? _tableHash : 0, cancellationToken);
                if (table.Hash != _tableHash || name != _teller)
                {
                    reports.SetMembers(table.Members);
                }

                (_teller, _tableHash) = (name, table.Hash);
                return;
            }
            catch (AgentUnreachableException exception)
            {
                LogNoTable(name, exception.Message);
                _teller = null;
            }
        }
    }

    /// <summary>The one that told last, and a few others in case it does not.</summary>
    private IEnumerable<(string Name, IPEndPoint Agent)> Tellers() =>
        reports.All.Where(report => report.Value.IsReachable).OrderBy(report => report.Key == _teller ? -1 : Random.Shared.Next()).Take(3)
            .Select(report => (report.Key, cache.Nodes.Items.GetValueOrDefault(new NamespacedName(null, report.Key)) is { } node ? addresses.Of(node) : null))
            .Where(teller => teller.Item2 is not null).Select(teller => (teller.Key, teller.Item2!));

    private Task AskAsync(IEnumerable<(string Node, IPEndPoint Agent)> agents, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        agents,
        new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken },
        async (agent, token) => await AskAsync(agent.Node, agent.Agent, token));

    /// <summary>Those whose time it is. What is known of nodes without agent is forgotten.</summary>
    private IEnumerable<(string Node, IPEndPoint Agent)> Due()
    {
        var nodes = cache.Nodes.Items.Values.Where(node => node.Mirror is not null).ToArray();
        foreach (var (gone, _) in reports.All.Where(report => cache.Nodes.Items.GetValueOrDefault(new NamespacedName(null, report.Key))?.Mirror is null))
        {
            reports.Remove(gone);
        }

        return nodes.Where(node => IsDue(node.Name, nodes.Length)).Select(node => (node.Name, Agent: addresses.Of(node))).Where(node => node.Agent is not null)
            .Select(node => (node.Name, node.Agent!));
    }

    private bool IsDue(string node, int nodes)
    {
        if (reports.Of(node) is not { } report)
        {
            return true;
        }

        var age = time.GetUtcNow() - report.AskedAt;
        var member = reports.Members.GetValueOrDefault(node);
        return (member is not null && (member.Epoch, member.StatusVersion) != report.Version)
            || (!report.IsReachable && age >= s_retry)
            || (member is null && age >= s_withoutTable)
            || age >= CounterInterval(nodes)
            || (nodes <= SmallCluster && report is { IsReachable: true, Reply.Overlay: { } overlay } && overlay.Alive != Alive());
    }

    private int Alive() => reports.Members.Values.Count(member => member.State == "Alive");

    [LoggerMessage(EventId = 200, Level = LogLevel.Debug, Message = "No member table from {Node}: {Reason}")]
    private partial void LogNoTable(string node, string reason);
}

using System.Diagnostics;
using Peili.AgentApi;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Queues;
using Peili.Kubernetes.Rest;
using Peili.Operator.Agents;
using Peili.Operator.Cluster;
using Peili.Operator.Installation;
using Peili.Operator.Metrics;
using Peili.Operator.Mirrors;
using Peili.Operator.Nodes;

namespace Peili.Operator.Hosting;

/// <summary>Runs the controllers: who looks again when what changed. Each looks at everything, whatever it was told for.</summary>
internal sealed partial class Controllers(
    ClusterCache cache,
    InstallationController installation,
    MirrorController mirrors,
    NodeController nodes,
    AgentReports reports,
    AgentPoller poller,
    OperatorCredentials credentials,
    OperatorMeter meter,
    ILogger<Controllers> logger) : IDisposable
{
    private const int NodeWorkers = 16;

    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(300);

    private readonly WorkQueue<string> _installations = new();
    private readonly WorkQueue<string> _mirrors = new();
    private readonly WorkQueue<string> _nodes = new();
    private readonly Dictionary<NamespacedName, (string? Uid, long? Generation, bool IsDeleted, bool IsPaused)> _mirrorsSeen = [];

    /// <summary>Changes come in bursts, and a look at all nodes for each of them would be waste; of 5,000, a look and a write of what they come to every 2 s.</summary>
    private TimeSpan Gather => TimeSpan.FromMilliseconds(Math.Max(300, cache.Nodes.Items.Count * 0.4));

    /// <summary>What waits for each controller.</summary>
    public IEnumerable<(string Controller, WorkQueue<string> Queue)> Queues => [("installation", _installations), ("mirror", _mirrors), ("node", _nodes)];

    /// <summary>Works until the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Subscribe();
        _installations.Add(InstallationController.Key);
        await Task.WhenAll(
            _installations.RunAsync(1, (_, token) => MeasureAsync("installation", installation.ReconcileAsync(token)), Failed, cancellationToken),
            _mirrors.RunAsync(1, (mirror, token) => MeasureAsync("mirror", mirrors.ReconcileAsync(mirror, token)), Failed, cancellationToken),
            _nodes.RunAsync(NodeWorkers, (node, token) => MeasureAsync("node", nodes.ReconcileAsync(node, token)), Failed, cancellationToken),
            PollAsync(cancellationToken),
            TellWhenCaughtUpAsync(cancellationToken));
    }

    public void Dispose()
    {
        _installations.Dispose();
        _mirrors.Dispose();
        _nodes.Dispose();
    }

    private async Task<TimeSpan?> MeasureAsync(string controller, Task<TimeSpan?> look)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            return await look;
        }
        finally
        {
            meter.RecordReconcile(controller, Stopwatch.GetElapsedTime(start), look.IsCompletedSuccessfully);
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        while (!credentials.IsReady)
        {
            await Task.Delay(s_period, cancellationToken);
        }

        await poller.RunAsync(cancellationToken);
    }

    /// <summary>A new leader knows nothing of the agents; until it has caught up, statuses are those that it found.</summary>
    private async Task TellWhenCaughtUpAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await poller.AskedAll.WaitAsync(cancellationToken);
        while (_nodes.Count > 0)
        {
            await Task.Delay(s_period, cancellationToken);
        }

        var (agents, seconds) = (reports.Count, Stopwatch.GetElapsedTime(start).TotalSeconds);
        LogCaughtUp(agents, seconds);
    }

    private void Subscribe()
    {
        cache.Mirrors.Subscribe(key =>
        {
            _mirrors.Add(key.Name);
            if (!IsNews(key))
            {
                return;
            }

            _installations.Add(InstallationController.Key);
            foreach (var node in cache.Nodes.Items.Keys)
            {
                _nodes.Add(node.Name);
            }
        });
        cache.Nodes.Subscribe(key =>
        {
            _nodes.Add(key.Name);
            LookAtAllSoon();
        });
        cache.Statuses.Subscribe(key =>
        {
            _nodes.Add(key.Name);
            LookAtMirrorsSoon();
        });
        cache.DaemonSets.Subscribe(_ => LookAtMirrorsSoon());
        cache.Pods.Subscribe(key =>
        {
            if (cache.Pods.Items.GetValueOrDefault(key)?.Spec?.NodeName is { } node)
            {
                _nodes.Add(node);
            }

            LookAtMirrorsSoon();
        });
        cache.Secrets.Subscribe(_ => LookAtAllSoon());
        cache.ConfigMaps.Subscribe(_ => LookAtAllSoon());
        cache.Services.Subscribe(_ => LookAtAllSoon());
        cache.ServiceAccounts.Subscribe(_ => LookAtAllSoon());
        cache.Namespaces.Subscribe(_ => LookAtAllSoon());
        reports.Changed = _nodes.Add;
    }

    /// <summary>Whether a RegistryMirror came, went, or says something else to its nodes: its status is none of theirs, and there are thousands of them.</summary>
    private bool IsNews(NamespacedName key)
    {
        var before = _mirrorsSeen.GetValueOrDefault(key);
        if (cache.Mirrors.Items.GetValueOrDefault(key) is not { } mirror)
        {
            return _mirrorsSeen.Remove(key);
        }

        var now = (mirror.Metadata.Uid, mirror.Metadata.Generation, mirror.Metadata.DeletionTimestamp is not null, MirrorState.IsPaused(mirror));
        _mirrorsSeen[key] = now;
        return now != before;
    }

    private void LookAtAllSoon()
    {
        _installations.AddAfter(InstallationController.Key, Gather);
        LookAtMirrorsSoon();
    }

    private void LookAtMirrorsSoon()
    {
        foreach (var mirror in cache.Mirrors.Items.Keys)
        {
            _mirrors.AddAfter(mirror.Name, Gather);
        }
    }

    private void Failed(string item, Exception exception)
    {
        if (exception is KubernetesException or AgentUnreachableException or InvalidDataException)
        {
            LogFailed(item, exception.Message);
        }
        else
        {
            LogUnexpected(exception, item);
        }
    }

    [LoggerMessage(EventId = 122, Level = LogLevel.Information, Message = "Caught up: {Agents} agents asked and every node looked at in {Seconds:0.0} s")]
    private partial void LogCaughtUp(int agents, double seconds);

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "{Item} comes again: {Reason}")]
    private partial void LogFailed(string item, string reason);

    [LoggerMessage(EventId = 121, Level = LogLevel.Error, Message = "{Item} failed unexpectedly and comes again")]
    private partial void LogUnexpected(Exception exception, string item);
}

using Peili.Kubernetes.LeaderElection;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;

namespace Peili.Operator.Hosting;

/// <summary>Has this replica lead, or stand by until it may: only one of them writes.</summary>
internal sealed partial class Leadership(
    KubernetesClient client, ClusterCache cache, Controllers controllers, OperatorOptions options, IHostApplicationLifetime lifetime, ILogger<Leadership> logger)
{
    private const string Lease = "peili-operator";

    /// <summary>Whether this replica leads.</summary>
    public bool IsLeading { get; private set; }

    /// <summary>Whether this replica led and does no more.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Leads when it may, until the token fires or another one leads, which ends the process.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A replica that leads and knows nothing yet would keep one from leading that does.
        await cache.WaitForSyncAsync(cancellationToken);
        var elector = new LeaderElector(client, new LeaderElectionOptions
        {
            Lease = new NamespacedName(options.Namespace, Lease),
            Identity = options.Identity,
            Failed = exception => LogElection(exception.Message),
        });
        if (!await elector.RunAsync(LeadAsync, cancellationToken))
        {
            IsLost = true;
            LogLost();
            lifetime.StopApplication();
        }
    }

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        LogLeading(options.Identity);
        IsLeading = true;
        try
        {
            await controllers.RunAsync(cancellationToken);
        }
        finally
        {
            IsLeading = false;
        }
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "Leading as {Identity}")]
    private partial void LogLeading(string identity);

    [LoggerMessage(EventId = 111, Level = LogLevel.Warning, Message = "The leadership is lost: stopping")]
    private partial void LogLost();

    [LoggerMessage(EventId = 112, Level = LogLevel.Warning, Message = "Leader election: {Reason}")]
    private partial void LogElection(string reason);
}

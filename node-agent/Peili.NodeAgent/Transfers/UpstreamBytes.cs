using Peili.Containerd;

namespace Peili.NodeAgent.Transfers;

/// <summary>Counts what containerd got elsewhere, once it has it.</summary>
internal sealed class UpstreamBytes(ImageStoreWatcher watcher, TransferStatistics statistics)
{
    /// <summary>Follows containerd's image store until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var snapshot in watcher.WatchAsync(cancellationToken))
        {
            statistics.Missed.Settle(snapshot);
        }
    }
}

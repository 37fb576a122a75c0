using Peili.Containerd;
using Peili.NodeAgent.Registry;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>Tells the overlay what containerd has committed, and takes back what it has no more.</summary>
internal sealed class Announcer(ImageStoreWatcher watcher, RegistryPolicy policy, ClusterOverlay overlay)
{
    private HashSet<DirectoryKey> _announced = [];

    /// <summary>How many keys the other nodes are told of.</summary>
    public int Count => Volatile.Read(ref _announced).Count;

    /// <summary>Follows containerd's image store until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var node = await overlay.WaitForStartAsync(cancellationToken);
        await foreach (var snapshot in watcher.WatchAsync(cancellationToken))
        {
            var keys = AnnouncedKeys.Of(snapshot, policy);
            foreach (var gone in _announced.Where(key => !keys.Contains(key)))
            {
                node.Withdraw(gone);
            }

            node.Announce([.. keys.Where(key => !_announced.Contains(key))]);
            Volatile.Write(ref _announced, keys);
        }
    }
}

using Peili.Containerd;
using Peili.NodeAgent.Membership;

namespace Peili.NodeAgent.Hosting;

/// <summary>Prints the one line <c>ready</c> on standard output, once the agent serves what containerd holds, and tells systemd.</summary>
internal sealed class ReadyAnnouncement(ImageStoreWatcher watcher, ClusterOverlay overlay, SystemdNotifier? systemd = null)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await watcher.WaitForFirstListAsync(cancellationToken);
        await overlay.WaitForStartAsync(cancellationToken);
        systemd?.Notify("READY=1");
        await Console.Out.WriteLineAsync("ready".AsMemory(), cancellationToken);
        await Console.Out.FlushAsync(cancellationToken);
    }
}

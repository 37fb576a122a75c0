using Peili.Containerd;

namespace Peili.NodeAgent.Hosting;

/// <summary>Prints the one line <c>ready</c> on standard output, once the agent serves what containerd holds, and tells systemd.</summary>
internal sealed class ReadyAnnouncement(ImageStoreWatcher watcher, IHostApplicationLifetime lifetime, SystemdNotifier? systemd = null)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await watcher.WaitForFirstListAsync(cancellationToken);
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(cancellationToken);
        systemd?.Notify("READY=1");
        await Console.Out.WriteLineAsync("ready".AsMemory(), cancellationToken);
        await Console.Out.FlushAsync(cancellationToken);
    }
}

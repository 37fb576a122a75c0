using Microsoft.Extensions.Logging.Abstractions;

namespace Peili.Containerd.Tests.Support;

/// <summary>A watcher under way, past its first list.</summary>
internal sealed class RunningWatcher : IAsyncDisposable
{
    private readonly ContainerdClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private RunningWatcher(ContainerdClient client, ImageStoreWatcherOptions options)
    {
        _client = client;
        Watcher = new ImageStoreWatcher(client, options, NullLogger<ImageStoreWatcher>.Instance);
        _running = Watcher.RunAsync(_stop.Token);
    }

    public ImageStoreWatcher Watcher { get; }

    public static async Task<RunningWatcher> StartAsync(ContainerdProcess containerd, ImageStoreWatcherOptions options)
    {
        var running = new RunningWatcher(containerd.CreateClient(), options);
        var listed = running.Watcher.WaitForFirstListAsync(TestContext.Current.CancellationToken);
        await await Task.WhenAny(listed, running._running).WaitAsync(TimeSpan.FromSeconds(60));
        return running;
    }

    /// <summary>Says whether lists were spared. A machine so busy that the connection was lost meanwhile has had to list again.</summary>
    public void ShouldHaveListed(long atMost)
    {
        if (Watcher.State.LastError is null)
        {
            Watcher.Lists.ShouldBeLessThanOrEqualTo(atMost);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(60));
        _stop.Dispose();
        _client.Dispose();
    }
}

using System.Threading.Channels;

namespace Peili.Containerd;

/// <summary>
/// What changed in containerd's store and was not looked at yet, told by events, by the directory of blobs and by the clock. A burst
/// of reports becomes one batch. Safe for use by many threads.
/// </summary>
internal sealed class StoreChanges(TimeProvider timeProvider)
{
    // As many as inotify queues by default; what is beyond that is not worth telling apart.
    private const int MaxBlobs = 16_384;

    // Long enough for the commits of one pull to be answered together, and a bound where they never cease.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestStorm = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _signal =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _lock = new();
    private Batch _batch = new();

    /// <summary>Anything may have changed.</summary>
    public void ReportEverything() => Report(batch => batch.Everything = true);

    /// <summary>An image came, went or stands for something else.</summary>
    public void ReportImages() => Report(batch => batch.Images = true);

    /// <summary>A blob may have come or gone in the namespace.</summary>
    public void ReportBlob(Digest digest) => Report(digest, gone: false);

    /// <summary>A blob's file is gone, and so is the blob in every namespace.</summary>
    public void ReportGone(Digest digest) => Report(digest, gone: true);

    /// <summary>Waits until something was reported, and then until no more comes, or has been coming for long enough.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _signal.Reader.WaitToReadAsync(cancellationToken);
        var start = timeProvider.GetTimestamp();
        while (_signal.Reader.TryRead(out _) && timeProvider.GetElapsedTime(start) < s_longestStorm)
        {
            await Task.Delay(s_quiet, timeProvider, cancellationToken);
        }
    }

    /// <summary>Takes what was reported since the last time.</summary>
    public Batch Take()
    {
        lock (_lock)
        {
            var batch = _batch;
            _batch = new Batch();
            return batch;
        }
    }

    private void Report(Digest digest, bool gone) => Report(batch =>
    {
        if (batch.Blobs.Count < MaxBlobs)
        {
            batch.Blobs[digest] = gone;
        }
        else
        {
            batch.Everything = true;
        }
    });

    private void Report(Action<Batch> change)
    {
        lock (_lock)
        {
            change(_batch);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>What was reported between two looks.</summary>
    internal sealed class Batch
    {
        public bool Everything { get; set; }

        public bool Images { get; set; }

        /// <summary>The blobs, and whether the last word of each was that its file is gone.</summary>
        public Dictionary<Digest, bool> Blobs { get; } = [];
    }
}

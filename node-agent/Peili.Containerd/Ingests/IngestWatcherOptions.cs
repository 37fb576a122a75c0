namespace Peili.Containerd.Ingests;

/// <summary>What can be set of an <see cref="IngestWatcher"/>. The defaults are meant for use.</summary>
public sealed record IngestWatcherOptions
{
    /// <summary>How long no byte may come until an ingest counts as stalled; when it is resumed, containerd's reading of what it has comes on top.</summary>
    /// <value>10 s.</value>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes of a resumed ingest containerd hashes in a second, at least.</summary>
    /// <value>300,000,000.</value>
    public long HashedPerSecond { get; init; } = 300_000_000;

    /// <summary>How many directories of ingests are looked at, each with a file descriptor and a watch where it is followed. The others are not.</summary>
    /// <value>4,096.</value>
    public int MaxIngests { get; init; } = 4096;

    /// <summary>The clock that stalls are measured by.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

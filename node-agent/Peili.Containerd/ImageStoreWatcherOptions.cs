namespace Peili.Containerd;

/// <summary>How a watcher works.</summary>
public sealed record ImageStoreWatcherOptions
{
    /// <summary>
    /// The time between lists when nothing is known to have changed: the bound on how long what neither an event nor the directory of blobs
    /// tells goes unnoticed, such as a blob that leaves this namespace but stays in another.
    /// </summary>
    public TimeSpan RelistPeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The directory of the content store as this process sees it; null to take containerd's word.</summary>
    public string? ContentPath { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

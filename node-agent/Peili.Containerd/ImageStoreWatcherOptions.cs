namespace Peili.Containerd;

/// <summary>How a watcher works.</summary>
public sealed record ImageStoreWatcherOptions
{
    /// <summary>
    /// The time between lists when no event comes: the bound on how long a blob that garbage collection removed is still believed to be
    /// there, for containerd sends no event of that.
    /// </summary>
    public TimeSpan RelistPeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The directory of the content store as this process sees it; null to take containerd's word.</summary>
    public string? ContentPath { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

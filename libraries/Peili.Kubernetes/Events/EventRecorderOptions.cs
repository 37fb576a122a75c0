namespace Peili.Kubernetes.Events;

/// <summary>Who records events, and how fast.</summary>
public sealed record EventRecorderOptions
{
    /// <summary>The program, as in <c>peili.dev/operator</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>The process.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>How often events seen again are written.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after it was last seen an event counts as another when it is seen again.</summary>
    public TimeSpan SeriesTimeout { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>Told of each event that could not be written; it is not tried again.</summary>
    public Action<Exception>? Failed { get; init; }
}

using Peili.Kubernetes.Rest;

namespace Peili.Kubernetes.Watching;

/// <summary>What an informer follows and how.</summary>
public sealed record InformerOptions
{
    /// <summary>Which objects.</summary>
    public ListOptions Objects { get; init; } = new();

    /// <summary>The shortest time after which a watch is renewed; the longest is twice that.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after its time a watch that has not ended counts as dead.</summary>
    public TimeSpan WatchGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after a first failure.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>The longest wait between failures, before up to as much again by chance.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Told of each failure, after which the informer goes on by itself, and how long it waits first.</summary>
    public Action<Exception, TimeSpan>? Failed { get; init; }
}

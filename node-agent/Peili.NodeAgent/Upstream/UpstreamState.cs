namespace Peili.NodeAgent.Upstream;

/// <summary>What is known of one upstream registry. Written by the probe, read by requests.</summary>
internal sealed class UpstreamState
{
    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private DateTimeOffset? _answeredAt;
    private DateTimeOffset _askedAt;
    private int _failures;

    /// <summary>When somebody last asked for a tag of it.</summary>
    public DateTimeOffset AskedAt
    {
        get { lock (_lock) { return _askedAt; } }
        set { lock (_lock) { _askedAt = value; } }
    }

    /// <summary>When it last answered; null when it never did.</summary>
    public DateTimeOffset? AnsweredAt
    {
        get { lock (_lock) { return _answeredAt; } }
    }

    /// <summary>Probes without an answer since the last one with.</summary>
    public int Failures
    {
        get { lock (_lock) { return _failures; } }
    }

    /// <summary>When it is to be probed next.</summary>
    public DateTimeOffset Due
    {
        get { lock (_lock) { return _next; } }
    }

    /// <summary>A probe starts; no other one before <paramref name="end"/>, its bound.</summary>
    public void Begin(DateTimeOffset end)
    {
        lock (_lock)
        {
            _next = end;
        }
    }

    public void Answered(DateTimeOffset now, DateTimeOffset next)
    {
        lock (_lock)
        {
            _answeredAt = now;
            _failures = 0;
            _next = next;
        }
    }

    /// <summary>Counts a probe without an answer, and returns how many there were in a row.</summary>
    public int Failed(DateTimeOffset next)
    {
        lock (_lock)
        {
            _next = next;
            return ++_failures;
        }
    }
}

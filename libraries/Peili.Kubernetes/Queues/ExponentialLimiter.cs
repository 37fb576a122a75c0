namespace Peili.Kubernetes.Queues;

/// <summary>How long each item waits after its failures in a row: 5 ms, then twice as long each time, at most 30 s.</summary>
internal sealed class ExponentialLimiter<TItem>
    where TItem : notnull
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(5);
    // Not the 1000 s of client-go: what failed while the API server was away must not wait a quarter of an hour when it is back.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private readonly Dictionary<TItem, int> _failures = [];

    public TimeSpan Next(TItem item)
    {
        var failures = FailuresOf(item);
        _failures[item] = failures + 1;
        var wait = s_first * Math.Pow(2, Math.Min(failures, 30));
        return wait < s_longest ? wait : s_longest;
    }

    public int FailuresOf(TItem item) => _failures.GetValueOrDefault(item);

    public void Forget(TItem item) => _failures.Remove(item);
}

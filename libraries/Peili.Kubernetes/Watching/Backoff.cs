namespace Peili.Kubernetes.Watching;

/// <summary>How long to wait after each of several failures: twice as long each time, plus up to as much again by chance.</summary>
/// <param name="first">The first wait.</param>
/// <param name="longest">The longest, before chance.</param>
/// <param name="random">Chance.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    public TimeSpan Next()
    {
        var wait = first * Math.Pow(2, Math.Min(_failures++, 30));
        wait = wait < longest ? wait : longest;
        return wait * (1 + random.NextDouble());
    }

    public void Reset() => _failures = 0;
}

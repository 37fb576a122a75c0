using System.Numerics;

namespace Peili.Overlay.ColdStart;

/// <summary>
/// How long requests of this node may wait for a first byte: so long in half a minute for all requests of a repository together, and after one
/// wait in vain a fifth of a second. One repository waits at a time, for containerd may have three downloads under way and no more, and
/// others' images should not stand behind them. Safe for use by many threads.
/// </summary>
/// <param name="wait">The budget.</param>
/// <param name="time">The clock.</param>
public sealed class WaitingBudget(TimeSpan wait, TimeProvider time)
{
    private const int MostRepositories = 1024;
    private static readonly TimeSpan window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan afterAll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan step = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Account> accounts = new(StringComparer.Ordinal);

    /// <summary>Repositories that are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
            {
                return accounts.Count;
            }
        }
    }

    /// <summary>
    /// How much later than the first the one with this place in the line gives up on an origin that is there and has no byte yet: 1, 2, 4, 8
    /// at a time, half a second apart, so that a slow upstream is not asked by all at once.
    /// </summary>
    /// <param name="ordinal">Its place; the origin has 1.</param>
    public static TimeSpan StageOf(uint ordinal) => ordinal < 2 ? TimeSpan.Zero : step * BitOperations.Log2(ordinal - 1);

    /// <summary>A request begins to wait.</summary>
    /// <param name="repository">The registry and repository.</param>
    /// <returns>How long it may.</returns>
    public TimeSpan Begin(string repository)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var isAlone = !accounts.Any(other => other.Key != repository && other.Value.Waiting > 0);
            var account = Find(repository, now);
            if (account.Waiting++ == 0)
            {
                account.WaitingSince = now;
            }

            var left = wait - account.Spent - time.GetElapsedTime(account.WaitingSince, now);
            return !isAlone || account.IsExhausted || left < afterAll ? Min(afterAll, wait) : left;
        }
    }

    /// <summary>It waits no more.</summary>
    /// <param name="repository">As it began.</param>
    /// <param name="inVain">No byte came in time.</param>
    public void End(string repository, bool inVain)
    {
        lock (gate)
        {
            if (!accounts.TryGetValue(repository, out var account) || account.Waiting == 0)
            {
                return;
            }

            account.IsExhausted |= inVain;
            if (--account.Waiting == 0)
            {
                account.Spent += time.GetElapsedTime(account.WaitingSince);
            }
        }
    }

    private Account Find(string repository, long now)
    {
        if (accounts.TryGetValue(repository, out var account) && (account.Waiting > 0 || time.GetElapsedTime(account.Since, now) < window))
        {
            return account;
        }

        if (accounts.Count >= MostRepositories)
        {
            foreach (var (name, _) in accounts.Where(static other => other.Value.Waiting == 0).ToArray())
            {
                accounts.Remove(name);
            }
        }

        return accounts[repository] = new Account { Since = now };
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private sealed class Account
    {
        public long Since { get; init; }

        public int Waiting { get; set; }

        public long WaitingSince { get; set; }

        public TimeSpan Spent { get; set; }

        public bool IsExhausted { get; set; }
    }
}

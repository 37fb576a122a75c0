using System.Diagnostics;

namespace Peili.Containerd.Tests.Support;

/// <summary>Waits for what comes about sooner or later; the bound only says when to give up.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    public static Task IsTrueAsync(Func<bool> condition, string what, Func<string>? seen = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), what, seen);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, Func<string>? seen = null)
    {
        for (var start = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(s_interval, TestContext.Current.CancellationToken))
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(s_bound, $"{what}, not {seen?.Invoke()}");
        }
    }

    public static async Task NoLongerThrowsAsync<TException>(Func<Task> action)
        where TException : Exception
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(s_interval, TestContext.Current.CancellationToken))
        {
            try
            {
                await action();
                return;
            }
            catch (TException) when (Stopwatch.GetElapsedTime(start) < s_bound)
            {
                // Not yet.
            }
        }
    }
}

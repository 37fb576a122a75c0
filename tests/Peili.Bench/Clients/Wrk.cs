using System.Globalization;
using Peili.LocalCluster.Network;

namespace Peili.Bench.Clients;

/// <summary>The load generator wrk, with one thread: a client that is not ours, and that reads its answers 8 KiB at a time.</summary>
internal static class Wrk
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Sends GETs for <paramref name="duration"/>, each connection the next one when the last is answered. There are no latencies in the result.</summary>
    /// <param name="machine">Where it runs.</param>
    /// <param name="directory">Where it finds its script.</param>
    /// <param name="load">Server, path and connections count; the rest does not.</param>
    /// <param name="duration">Whole seconds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FileNotFoundException">wrk is not installed.</exception>
    /// <exception cref="InvalidOperationException">It failed, or met errors.</exception>
    public static async Task<LoadResult> RunAsync(
        Machine machine, string directory, Load load, TimeSpan duration, CancellationToken cancellationToken)
    {
        // Its own summary rounds the bytes to three digits.
        const string script =
            """
            done = function(summary, latency, requests)
                local errors = summary.errors
                print(string.format("%d %d %d", summary.bytes, summary.duration, errors.connect + errors.read + errors.write + errors.status))
            end
            """;
        var file = Path.Combine(directory, "wrk.lua");
        await File.WriteAllTextAsync(file, script, cancellationToken);
        var result = await machine.RunAsync(
            "wrk",
            [
                "--threads", "1",
                "--connections", load.Connections.ToString(CultureInfo.InvariantCulture),
                "--duration", string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0}s"),
                "--timeout", "60s",
                "--script", file,
                $"http://{load.Server}{load.Path}",
            ],
            cancellationToken).WaitAsync(duration + Margin, cancellationToken);
        var last = result.OutputOrThrow("wrk").Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return last.Split(' ') is [var bytes, var microseconds, "0"]
            ? new LoadResult(
                long.Parse(bytes, CultureInfo.InvariantCulture),
                TimeSpan.FromMicroseconds(long.Parse(microseconds, CultureInfo.InvariantCulture)),
                [])
            : throw new InvalidOperationException($"wrk met errors: {result.Output}");
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using Peili.LocalCluster.Network;

namespace Peili.Bench.Clients;

/// <summary>
/// Puts a load on a server. The client is this program once more, on the machine of the load: a process of its own, for blocking
/// sockets that have never seen an event loop are the cheapest there are, and the client shares its two cores with the server.
/// </summary>
internal static class LoadClient
{
    /// <summary>The first argument of this program where it is the client.</summary>
    public const string Command = "client";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    /// <summary>Runs a load on a machine of the cluster.</summary>
    /// <exception cref="InvalidOperationException">An answer was wrong; the message has what the client said.</exception>
    /// <exception cref="TimeoutException">It took longer than four minutes.</exception>
    public static async Task<LoadResult> RunAsync(Machine machine, Load load, CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("this program does not know its own file");
        var line = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = await machine.StartProcessAsync(
            program, [Command, .. load.ToArguments()], onOutput: text => line.TrySetResult(text), cancellationToken: cancellationToken);
        var status = await client.Exited.WaitAsync(Timeout, cancellationToken);
        return status == 0
            ? LoadResult.Parse(await line.Task.WaitAsync(Timeout, cancellationToken))
            : throw new InvalidOperationException($"{load.Method} {load.Server}: {client.Error}");
    }

    /// <summary>Is the client: writes a <see cref="LoadResult"/> to standard output, or one line to standard error. Returns the exit status.</summary>
    public static async Task<int> RunAsync(Load load)
    {
        try
        {
            var result = await MeasureAsync(load);
            await Console.Out.WriteLineAsync(result.ToLine());
            return 0;
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<LoadResult> MeasureAsync(Load load)
    {
        var connections = Enumerable.Range(0, load.Connections).Select(_ => new RawConnection(load)).ToList();
        foreach (var connection in connections)
        {
            Exchange(connection, load.WarmUp);
        }

        var started = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(connections.Select(connection => Task.Factory.StartNew(
            () => Exchange(connection, load.Requests), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var elapsed = Stopwatch.GetElapsedTime(started);
        connections.ForEach(connection => connection.Dispose());
        return new LoadResult(results.Sum(result => result.Bytes), elapsed, [.. results.SelectMany(result => result.Latencies)]);
    }

    private static (long Bytes, TimeSpan[] Latencies) Exchange(RawConnection connection, int requests)
    {
        var bytes = 0L;
        var latencies = new TimeSpan[requests];
        for (var i = 0; i < requests; i++)
        {
            var started = Stopwatch.GetTimestamp();
            bytes += connection.Exchange();
            latencies[i] = Stopwatch.GetElapsedTime(started);
        }

        return (bytes, latencies);
    }
}

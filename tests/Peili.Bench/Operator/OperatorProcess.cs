using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Peili.LocalCluster;
using Peili.LocalCluster.Processes;

namespace Peili.Bench.Operator;

/// <summary>The published operator as a process of its own. Disposing ends it.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly TaskCompletionSource<TimeSpan> _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OperatorProcess(Process process)
    {
        _process = process;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _ended.TrySetResult();
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Ends with the time from the process's start until it has asked every agent and looked at every node.</summary>
    public Task<TimeSpan> CaughtUp => _caughtUp.Task;

    public ProcessUsage Usage => ProcessUsage.Read(_process.Id);

    /// <summary>Waits for what it is to bring about.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message has its last lines.</exception>
    public async Task WhileItRunsAsync(Task work)
    {
        await Task.WhenAny(work, _ended.Task);
        if (!work.IsCompleted)
        {
            throw new InvalidOperationException($"the operator ended with status {_process.ExitCode}:\n{string.Join('\n', _lines.TakeLast(10))}");
        }

        await work;
    }

    /// <exception cref="FileNotFoundException">It is not built.</exception>
    public static OperatorProcess Start(string kubeConfig)
    {
        var program = Checkout.PathOf("artifacts", "bin", "peili-operator");
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"{program} is not there: make build");
        }

        string[] arguments = ["run", $"--kubeconfig={kubeConfig}", "--agent-image=peili.dev/peili-agent:bench", $"--probe-address=127.0.0.1:{FreePort()}", $"--page-address=127.0.0.1:{FreePort()}"];
        return new OperatorProcess(Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MALLOC_ARENA_MAX"] = "1" }, // as in config/manager
        })!);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Command.RunAsync("kill", ["-TERM", $"{_process.Id}"], "", CancellationToken.None);
            using var bound = new CancellationTokenSource(s_patience);
            await _process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (line.Contains("msg=\"Caught up", StringComparison.Ordinal))
        {
            _caughtUp.TrySetResult(Stopwatch.GetElapsedTime(_start));
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

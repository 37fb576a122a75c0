using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Peili.LocalCluster.Processes;

/// <summary>A program running inside a <see cref="Network.Machine"/>. Disposing kills it.</summary>
public sealed class MachineProcess : IAsyncDisposable
{
    private readonly Process _wrapper;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MachineProcess(Process wrapper, Action<string>? onOutput)
    {
        _wrapper = wrapper;
        wrapper.EnableRaisingEvents = true;
        wrapper.Exited += (_, _) => _exited.TrySetResult(wrapper.ExitCode);
        wrapper.OutputDataReceived += (_, line) => Take(line.Data, Output, onOutput);
        wrapper.ErrorDataReceived += (_, line) => Take(line.Data, Error, null);
    }

    /// <summary>The process number in this machine's root namespace; 0 if the program ended before it could be seen.</summary>
    public int Id { get; private set; }

    /// <summary>The last lines of standard output.</summary>
    public OutputTail Output { get; } = new();

    /// <summary>The last lines of standard error.</summary>
    public OutputTail Error { get; } = new();

    /// <summary>
    /// Ends with the exit status when the program has ended: 128 + N when signal N ended it, but any number other than zero after
    /// SIGKILL (unshare of util-linux 2.38 then fails to end the same way).
    /// </summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>What the program uses now.</summary>
    public ProcessUsage ReadUsage() => ProcessUsage.Read(Id);

    /// <summary>Sends a signal; does nothing if the program has ended.</summary>
    public void Send(Signal signal)
    {
        const int noSuchProcess = 3;
        if (!Exited.IsCompleted && Id != 0 && NativeMethods.Kill(Id, (int)signal) != 0
            && Marshal.GetLastPInvokeError() is not noSuchProcess and var error)
        {
            throw new Win32Exception(error, $"cannot send {signal} to process {Id}");
        }
    }

    /// <summary>Asks the program to end, waits for at most <paramref name="patience"/>, then kills it. Returns its exit status.</summary>
    public async Task<int> EndAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        Send(Signal.Terminate);
        try
        {
            return await Exited.WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return await Exited;
        }
    }

    /// <summary>Kills the program and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await Exited.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            await KillAsync();
        }

        _wrapper.Dispose();
    }

    /// <summary>Starts the program through <paramref name="start"/>, a command whose only child is the program itself.</summary>
    internal static async Task<MachineProcess> StartAsync(
        ProcessStartInfo start, Action<string>? onOutput, CancellationToken cancellationToken)
    {
        var wrapper = new Process { StartInfo = start };
        var process = new MachineProcess(wrapper, onOutput);
        if (!wrapper.Start())
        {
            throw new InvalidOperationException($"{start.FileName} did not start");
        }

        wrapper.StandardInput.Close();
        wrapper.BeginOutputReadLine();
        wrapper.BeginErrorReadLine();
        while (process.Id == 0 && !process.Exited.IsCompleted)
        {
            process.Id = ProcessTree.FirstChildOf(wrapper.Id) ?? 0;
            await Task.Delay(1, cancellationToken);
        }

        return process;
    }

    private static void Take(string? line, OutputTail tail, Action<string>? onLine)
    {
        if (line is not null)
        {
            tail.Add(line);
            onLine?.Invoke(line);
        }
    }
}

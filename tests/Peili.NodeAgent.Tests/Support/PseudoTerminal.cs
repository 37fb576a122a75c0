using System.Diagnostics;
using System.Text;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>A terminal of 20 lines and 60 columns on which a command of bash runs: util-linux' script(1).</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private readonly Task _reading;

    /// <summary>Starts it; <c>peili-agent</c> is found.</summary>
    public PseudoTerminal(string command, params IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("script", ["--quiet", "--flush", "--return", "--command", $"stty rows 20 cols 60; {command}", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm";
        start.Environment["SHELL"] = "/bin/bash";
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _reading = ReadAsync();
    }

    /// <summary>Everything that was written to it.</summary>
    public string Seen
    {
        get
        {
            lock (_seen)
            {
                return _seen.ToString();
            }
        }
    }

    /// <summary>Types; Ctrl-C is <c>\x03</c>.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until a text stands somewhere behind what was seen up to a place. Returns the place behind it.</summary>
    public async Task<int> WaitForAsync(string text, int from = 0)
    {
        var deadline = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (true)
        {
            var at = Seen.IndexOf(text, Math.Min(from, Seen.Length), StringComparison.Ordinal);
            if (at >= 0)
            {
                return at + text.Length;
            }

            (Environment.TickCount64 < deadline && !_reading.IsCompleted).ShouldBeTrue($"not seen: {text}\n{Seen[^Math.Min(Seen.Length, 4000)..]}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for the end of the command. Returns its exit status.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_seen)
            {
                _seen.Append(buffer, 0, count);
            }
        }
    }
}

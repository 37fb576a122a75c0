using System.Diagnostics;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>The real program, as a process of its own; killed with the test that started it.</summary>
internal sealed class AgentExecutable : IAsyncDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private AgentExecutable(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public StreamReader Output => _process.StandardOutput;

    public static AgentExecutable Start(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "peili-agent"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new AgentExecutable(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Status, string Output, string Errors)> RunAsync(
        IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        await using var agent = Start(arguments, environment);
        var output = agent.Output.ReadToEndAsync();
        var status = await agent.WaitAsync();
        return (status, await output, await agent._errors);
    }

    public void Signal(int signal) => NativeMethods.Signal(_process.Id, signal).ShouldBe(0);

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_bound);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

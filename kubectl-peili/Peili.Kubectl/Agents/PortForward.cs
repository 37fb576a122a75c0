using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Peili.Kubectl.Api;

namespace Peili.Kubectl.Agents;

/// <summary>
/// kubectl's port-forward to one pod, for as long as this is not disposed. Agents listen on their node's loopback, which nothing else reaches; docs/decisions/0037 says
/// why it is kubectl that forwards.
/// </summary>
internal sealed class PortForward : IAsyncDisposable
{
    private const string Announcement = "Forwarding from 127.0.0.1:";
    private const int MostText = 4096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private PortForward(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                if (line.Data is { } text && _errors.Length < MostText)
                {
                    _errors.Append(_errors.Length > 0 ? "; " : "").Append(text);
                }
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>The port of this machine's loopback that leads to the pod's.</summary>
    public int LocalPort { get; private set; }

    /// <summary>What kubectl complained about so far; empty for nothing.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Begins to forward.</summary>
    /// <exception cref="AgentException">kubectl is not there, or refused, or did not begin in time.</exception>
    public static async Task<PortForward> OpenAsync(Installation installation, string pod, int port, CancellationToken cancellationToken)
    {
        var forward = new PortForward(Start(
        [
            .. installation.KubectlArguments, "--namespace", installation.Namespace, "port-forward", "--address", "127.0.0.1", $"pod/{pod}", string.Create(CultureInfo.InvariantCulture, $":{port}"),
        ]));
        try
        {
            forward.LocalPort = await forward.ReadPortAsync(pod, cancellationToken);
            return forward;
        }
        catch
        {
            await forward.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("kubectl", arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception exception)
        {
            throw new AgentException($"kubectl cannot be run ({exception.Message}): it forwards the port of the agent, so it must be on PATH", exception);
        }
    }

    private async Task<int> ReadPortAsync(string pod, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(s_patience);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(bound.Token) is { } line)
            {
                if (line.StartsWith(Announcement, StringComparison.Ordinal)
                    && int.TryParse(line[Announcement.Length..].Split(' ')[0], CultureInfo.InvariantCulture, out var local))
                {
                    return local;
                }
            }

            await _process.WaitForExitAsync(bound.Token);
            throw new AgentException($"kubectl port-forward to pod {pod} ended: {(Errors.Length > 0 ? Errors : $"exit status {_process.ExitCode}")}");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentException($"kubectl port-forward to pod {pod} did not begin within {s_patience.TotalSeconds:0} s{(Errors.Length > 0 ? $": {Errors}" : "")}", exception);
        }
    }
}

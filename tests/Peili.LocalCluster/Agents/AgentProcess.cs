using System.Net;
using System.Text.Json;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Agents;

/// <summary>The agent of one node: peili-agent in the node's namespaces. It is not started with the node.</summary>
public sealed class AgentProcess : IAsyncDisposable
{
    /// <summary>The port for peers.</summary>
    public const int PeerPort = 29951;

    private readonly ClusterNode _node;
    private readonly Func<IReadOnlyList<string>> _everyPeer;
    private MachineProcess? _process;

    internal AgentProcess(ClusterNode node, Func<IReadOnlyList<string>> everyPeer)
    {
        _node = node;
        _everyPeer = everyPeer;
    }

    /// <summary>Where this node's containerd asks it.</summary>
    public static IPEndPoint RegistryEndpoint { get; } = new(IPAddress.Loopback, 29950);

    /// <summary>Where probes ask it.</summary>
    public static IPEndPoint OperationsEndpoint { get; } = new(IPAddress.Loopback, 29952);

    /// <summary>Where other agents reach it.</summary>
    public IPEndPoint AdvertisedEndpoint => new(_node.Machine.Address, PeerPort);

    /// <summary>Whether there is a process, paused or not.</summary>
    public bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>The process, running or the last that ran: its output, signals, memory.</summary>
    /// <exception cref="InvalidOperationException">It was never started.</exception>
    public MachineProcess Process => _process ?? throw new InvalidOperationException("the agent was not started");

    /// <summary>How it was started last.</summary>
    public AgentOptions Options { get; private set; } = new();

    /// <summary>The last lines of its log.</summary>
    public string Log => _process?.Error.ToString() ?? "";

    /// <summary>The directory given to it as --state-path; it survives restarts.</summary>
    public string StatePath => Path.Combine(_node.Directory, "agent");

    /// <summary>Starts the agent and waits for the line <c>ready</c>. Returns the time that took.</summary>
    /// <param name="options">Null: as the last time, or the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; the message has what it wrote.</exception>
    public async Task<TimeSpan> StartAsync(AgentOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("the agent runs already");
        }

        Options = options ?? Options;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = TimeProvider.System.GetTimestamp();
        var process = await _node.Machine.StartProcessAsync(
            Options.Program ?? AgentOptions.DefaultProgram,
            Arguments(Options),
            Options.Environment,
            line => _ = line == "ready" && ready.TrySetResult(),
            cancellationToken);
        _process = process;
        try
        {
            await Task.WhenAny(ready.Task, process.Exited).WaitAsync(Options.StartPatience, cancellationToken);
        }
        catch (TimeoutException)
        {
            await process.KillAsync();
        }

        return ready.Task.IsCompleted
            ? TimeProvider.System.GetElapsedTime(started)
            : throw new InvalidOperationException(
                $"the agent on {_node.Name} did not become ready:\n{process.Output}\n{process.Error}");
    }

    /// <summary>Ends it in order (SIGTERM). Returns its exit status.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken = default) =>
        Process.EndAsync(TimeSpan.FromSeconds(90), cancellationToken);

    /// <summary>Asks its listener for probes and people, such as /status, and reads the JSON.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or not with 200.</exception>
    public async Task<JsonElement> ReadAsync(string pathAndQuery, CancellationToken cancellationToken = default)
    {
        using var client = _node.Machine.CreateHttpClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri($"http://{OperationsEndpoint}{pathAndQuery}"), cancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Freezes it (SIGSTOP): the kernel goes on accepting connections for it.</summary>
    public void Pause() => Process.Send(Signal.Stop);

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => Process.Send(Signal.Continue);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private IEnumerable<string> Arguments(AgentOptions options)
    {
        var any = AdvertisedEndpoint.Address.GetAddressBytes().Length == 4 ? IPAddress.Any : IPAddress.IPv6Any;
        IEnumerable<string> arguments =
        [
            "serve",
            .. options.Security?.Arguments ?? ["--insecure"],
            "--node-name", _node.Name,
            "--containerd-socket", _node.Containerd.SocketPath,
            "--registry-address", $"{RegistryEndpoint}",
            "--peer-address", $"{new IPEndPoint(any, PeerPort)}",
            "--advertise-address", $"{AdvertisedEndpoint}",
            "--ops-address", $"{OperationsEndpoint}",
            "--state-path", StatePath,
            .. (options.Seeds ?? _everyPeer()).SelectMany(seed => (IEnumerable<string>)["--seed", seed]),
        ];
        return [.. arguments, .. options.WriteHosts ? ["--hosts-dir", _node.Containerd.HostsDirectory] : (string[])[], .. options.ExtraArguments];
    }
}

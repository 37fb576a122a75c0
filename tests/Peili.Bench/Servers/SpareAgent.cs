using System.Globalization;
using System.Net;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Processes;

namespace Peili.Bench.Servers;

/// <summary>One more agent on a node: it knows no other agent, and serves what the node's containerd has.</summary>
internal sealed class SpareAgent : IAsyncDisposable
{
    private const int FirstPort = 29960;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MachineProcess _process;

    private SpareAgent(MachineProcess process, int port) => (_process, Port) = (process, port);

    /// <summary>Where containerd would ask it.</summary>
    public IPEndPoint Registry => new(IPAddress.Loopback, Port);

    /// <summary>Where other agents would.</summary>
    public IPEndPoint Peer => new(IPAddress.Loopback, Port + 1);

    /// <summary>Where it is scraped.</summary>
    public IPEndPoint Operations => new(IPAddress.Loopback, Port + 2);

    private int Port { get; }

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="node">Where.</param>
    /// <param name="number">Tells it from others there.</param>
    /// <param name="environment">Variables to add.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; the message has what it wrote.</exception>
    public static async Task<SpareAgent> StartAsync(ClusterNode node, int number, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var port = FirstPort + (3 * number);
        var name = string.Create(CultureInfo.InvariantCulture, $"spare{number}");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = await node.Machine.StartProcessAsync(
            AgentOptions.DefaultProgram,
            [
                "serve", "--insecure",
                "--node-name", name,
                "--containerd-socket", node.Containerd.SocketPath,
                "--registry-address", $"{new IPEndPoint(IPAddress.Loopback, port)}",
                "--peer-address", $"{new IPEndPoint(IPAddress.Any, port + 1)}",
                "--advertise-address", $"{new IPEndPoint(node.Machine.Address, port + 1)}",
                "--ops-address", $"{new IPEndPoint(IPAddress.Loopback, port + 2)}",
                "--state-path", Path.Combine(node.Directory, name),
            ],
            environment,
            line => _ = line == "ready" && ready.TrySetResult(),
            cancellationToken);
        await Task.WhenAny(ready.Task, process.Exited, Task.Delay(Patience, cancellationToken));
        if (ready.Task.IsCompleted)
        {
            return new SpareAgent(process, port);
        }

        await process.DisposeAsync();
        throw new InvalidOperationException($"another agent on {node.Name} did not become ready:\n{process.Output}\n{process.Error}");
    }

    /// <summary>As a server of a path.</summary>
    public Server Serving(string path) => new(Registry, path, _process.Id);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

using Peili.LocalCluster.Images;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Containerd;

/// <summary>The real containerd of one node, with everything it owns below the node's directory.</summary>
public sealed class NodeContainerd : IAsyncDisposable
{
    private const string Namespace = "k8s.io";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly Machine _machine;
    private readonly ContainerdInstallation _installation;
    private readonly CriClient _cri;
    private MachineProcess? _process;

    private NodeContainerd(Machine machine, ContainerdPaths paths, ContainerdRelease release, ContainerdSettings settings)
    {
        _machine = machine;
        _installation = ContainerdInstallation.Find(release);
        Release = release;
        Paths = paths;
        SocketPath = paths.Prefix + paths.Socket;
        HostsDirectory = paths.Prefix + paths.Hosts;
        ConfigurationFile = paths.Prefix + paths.Configuration;
        Content = new ContentStore(Path.Combine(paths.Prefix + paths.Root, "io.containerd.content.v1.content"));
        _cri = new CriClient(SocketPath);
        Directory.CreateDirectory(HostsDirectory);
        File.WriteAllText(ConfigurationFile, ContainerdConfiguration.Render(release, settings, paths));
    }

    /// <summary>Its version.</summary>
    public ContainerdRelease Release { get; }

    /// <summary>The unix socket it serves gRPC on.</summary>
    public string SocketPath { get; }

    /// <summary>Its certs.d, the only directory of its config_path.</summary>
    public string HostsDirectory { get; }

    /// <summary>Its root configuration file.</summary>
    public string ConfigurationFile { get; }

    /// <summary>Where its files are on its machine; the properties here are where they are outside.</summary>
    internal ContainerdPaths Paths { get; }

    /// <summary>Its content store on disk.</summary>
    public ContentStore Content { get; }

    /// <summary>The last lines of its log.</summary>
    public OutputTail Log => Process.Error;

    /// <summary>The running daemon.</summary>
    /// <exception cref="InvalidOperationException">It is stopped.</exception>
    public MachineProcess Process => _process ?? throw new InvalidOperationException("containerd is stopped");

    /// <summary>Whether the daemon runs; a crashed one does not.</summary>
    public bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>Pulls an image as kubelet does: CRI PullImage over the socket.</summary>
    /// <param name="reference">host/repository:tag, or host/repository@digest.</param>
    /// <param name="timeout">The time it may take; 10 minutes if not said.</param>
    /// <param name="cancellationToken">Ends the call; containerd gives the pull up.</param>
    public Task<PullResult> PullAsync(string reference, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _cri.PullAsync(reference, timeout ?? TimeSpan.FromMinutes(10), cancellationToken);

    /// <summary>What the CRI knows of an image, or null if it has none of that name.</summary>
    public Task<ImageStatus?> ReadImageStatusAsync(string reference, CancellationToken cancellationToken) =>
        _cri.StatusAsync(reference, cancellationToken);

    /// <summary>Removes an image with all its names; its blobs go with it, unless another image needs them.</summary>
    public Task RemoveImageAsync(string reference, CancellationToken cancellationToken) => _cri.RemoveAsync(reference, cancellationToken);

    /// <summary>Imports an archive made by <see cref="BuiltImage.WriteOciArchiveAsync"/>, as <c>ctr -n k8s.io images import</c> does.</summary>
    public async Task ImportAsync(string archive, CancellationToken cancellationToken)
    {
        var result = await RunCtrAsync(["images", "import", archive], cancellationToken);
        result.OutputOrThrow("ctr images import");
    }

    /// <summary>Runs ctr of the same version, on this containerd and in the namespace k8s.io, on the node.</summary>
    public Task<CommandResult> RunCtrAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        _machine.RunAsync(_installation.Ctr, ["--address", SocketPath, "--namespace", Namespace, .. arguments], cancellationToken);

    /// <summary>Starts the daemon and waits until its CRI answers; does nothing if it runs.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => StartAsync(_cri.AnswersAsync, cancellationToken);

    /// <summary>Starts a daemon whose CRI plugin is not expected to load, and waits until it answers.</summary>
    public Task StartWithoutCriAsync(CancellationToken cancellationToken) =>
        StartAsync(async token => (await RunCtrAsync(["version"], token)).ExitCode == 0, cancellationToken);

    private async Task StartAsync(Func<CancellationToken, Task<bool>> answers, CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            return;
        }

        _process = await _machine.StartProcessAsync(
            _installation.Program, ["--config", Paths.Configuration], cancellationToken: cancellationToken);
        var deadline = Environment.TickCount64 + (long)StartPatience.TotalMilliseconds;
        while (!await answers(cancellationToken))
        {
            if (_process.Exited.IsCompleted || Environment.TickCount64 > deadline)
            {
                throw new InvalidOperationException($"containerd {Release} on {_machine.Name} does not answer:\n{_process.Error}");
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Ends the daemon: by SIGTERM in order, by SIGKILL as a crash would.</summary>
    public async Task StopAsync(Signal signal, CancellationToken cancellationToken)
    {
        if (_process is not { } process)
        {
            return;
        }

        _process = null;
        if (signal == Signal.Terminate)
        {
            await process.EndAsync(TimeSpan.FromSeconds(30), cancellationToken);
        }

        await process.DisposeAsync();
    }

    /// <summary>Ends the daemon and starts it again with what is on its disk.</summary>
    public async Task RestartAsync(Signal signal, CancellationToken cancellationToken)
    {
        await StopAsync(signal, cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _cri.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    internal static async Task<NodeContainerd> StartAsync(
        Machine machine, ContainerdPaths paths, ContainerdRelease release, ContainerdSettings settings, CancellationToken cancellationToken)
    {
        var containerd = new NodeContainerd(machine, paths, release, settings);
        await containerd.StartAsync(cancellationToken);
        return containerd;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Peili.LocalCluster.Processes;

namespace Peili.K3s.Tests;

/// <summary>A k3s in a privileged container: a Kubernetes of one node. It goes with this process, however that ends.</summary>
public sealed class K3sContainer : IAsyncDisposable
{
    // Its standard input closes when the test process dies, whichever way.
    private const string Guard = """read -r _; "$1" kill "$2"; "$1" rm --force --volumes "$2" """;
    private const string Ready = "Node controller sync successful";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly string _image;
    private Process? _guard;

    internal K3sContainer(string image) => _image = image;

    /// <summary>What docker calls it.</summary>
    public string Name { get; } = $"peili-k3s-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>Starts it and waits until the API server and its node are up.</summary>
    /// <exception cref="InvalidOperationException">It did not start, or ended; the message has what it wrote.</exception>
    /// <exception cref="TimeoutException">It is not up after five minutes; the message has what it wrote.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _guard = Process.Start(Tools.Prepare("sh", ["-c", Guard, "guard", await DockerCommand.FindOrThrowAsync(), Name]))!;
        var started = await DockerCommand.RunAsync(
            [
                "run", "--detach", "--name", Name, "--privileged", "--cgroupns=host", "--tmpfs=/run", "--tmpfs=/var/run",
                "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw", $"--publish=127.0.0.1::{K3sBuilder.KubeSecurePort}",
                .. await DockerCommand.ReadLimitOptionsAsync(), _image, "server", "--disable=traefik",
            ],
            cancellationToken);
        started.OutputOrThrow($"docker run {_image}");
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(200, cancellationToken))
        {
            // Asked in this order, no last words are missed.
            var running = await IsRunningAsync(cancellationToken);
            var log = await GetLogsAsync(cancellationToken);
            if (log.Contains(Ready, StringComparison.Ordinal))
            {
                return;
            }

            if (!running)
            {
                throw new InvalidOperationException($"{_image} ended:\n{log}");
            }

            if (Stopwatch.GetElapsedTime(start) > s_patience)
            {
                throw new TimeoutException($"not within {s_patience}: {_image} is ready\n{log}");
            }
        }
    }

    /// <summary>Everything it wrote so far.</summary>
    public async Task<string> GetLogsAsync(CancellationToken cancellationToken = default)
    {
        var logs = await DockerCommand.RunAsync(["logs", Name], cancellationToken);
        return logs.Output + logs.Error;
    }

    /// <summary>The port of this machine's loopback behind which a port of the container is.</summary>
    public async Task<ushort> GetMappedPublicPortAsync(ushort port, CancellationToken cancellationToken = default)
    {
        var mapping = (await DockerCommand.RunAsync(["port", Name, $"{port}/tcp"], cancellationToken)).OutputOrThrow($"port {port} of {_image}");
        return ushort.Parse(mapping.AsSpan(mapping.LastIndexOf(':') + 1).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Runs a program in the container.</summary>
    public Task<CommandResult> ExecAsync(IEnumerable<string> command, CancellationToken cancellationToken = default) =>
        DockerCommand.RunAsync(["exec", Name, .. command], cancellationToken);

    /// <summary>Copies a file of this machine into the container.</summary>
    public async Task CopyAsync(string source, string target, CancellationToken cancellationToken = default) =>
        (await DockerCommand.RunAsync(["cp", source, $"{Name}:{target}"], cancellationToken)).OutputOrThrow($"cp {source}");

    /// <summary>The administrator's kubeconfig, for programs on this machine.</summary>
    public async Task<string> GetKubeconfigAsync(CancellationToken cancellationToken = default)
    {
        var inside = (await ExecAsync(["cat", "/etc/rancher/k3s/k3s.yaml"], cancellationToken)).OutputOrThrow("k3s.yaml");
        var port = await GetMappedPublicPortAsync(K3sBuilder.KubeSecurePort, cancellationToken);
        return inside.Replace($"https://127.0.0.1:{K3sBuilder.KubeSecurePort}", $"https://127.0.0.1:{port}", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            _guard.StandardInput.Close();
            await _guard.WaitForExitAsync().WaitAsync(s_patience);
            _guard.Dispose();
        }
    }

    private async Task<bool> IsRunningAsync(CancellationToken cancellationToken) =>
        (await DockerCommand.RunAsync(["inspect", "--format={{.State.Running}}", Name], cancellationToken)).Output.Trim() == "true";
}

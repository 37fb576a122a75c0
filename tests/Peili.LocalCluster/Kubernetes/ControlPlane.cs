using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>
/// A Kubernetes API of a test's own: etcd and kube-apiserver on loopback, in a folder of their own. No controllers, no nodes. Both
/// processes end, and the folder goes, with the test process however that ends.
/// </summary>
public sealed class ControlPlane : IAsyncDisposable
{
    // The guard's standard input closes when the test process dies, whichever way; a line there restarts the API server.
    private const string Guard =
        """
        dir=$1 server=$2 etcd=$3; shift 3
        "$etcd" </dev/null >"$dir/etcd.log" 2>&1 &
        etcd=$!
        start() { "$server" "$@" </dev/null >>"$dir/apiserver.log" 2>&1 & api=$!; }
        start "$@"
        while read -r _; do
          kill -KILL $api; wait $api 2>/dev/null
          start "$@"
          echo started
        done
        kill -KILL $api $etcd 2>/dev/null
        wait
        rm -rf "$dir"
        """;

    private const int Attempts = 3;

    private readonly string _directory = Directory.CreateTempSubdirectory("peili-kube-").FullName;
    private readonly ControlPlaneFiles _files;
    private Process? _guard;

    private ControlPlane() => _files = new ControlPlaneFiles(_directory);

    /// <summary>The administrator's kubeconfig, by client certificate.</summary>
    public string KubeConfig => _files.KubeConfig;

    /// <summary>The bearer token of another administrator.</summary>
    public string Token => _files.Token;

    /// <summary>Where the API server listens.</summary>
    public Uri Server { get; private set; } = new("https://127.0.0.1");

    /// <summary>The file of the authority that issued the server's certificate, PEM.</summary>
    public string CertificateAuthority => _files.CertificateAuthority;

    /// <summary>Starts both and waits until the API server is ready.</summary>
    /// <exception cref="FileNotFoundException">This machine does not have them: <see cref="ControlPlanePrograms.WhyNot"/>.</exception>
    /// <exception cref="InvalidOperationException">It did not become ready; the message ends with what it logged.</exception>
    public static async Task<ControlPlane> StartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var controlPlane = new ControlPlane();
            try
            {
                controlPlane.Run(ControlPlanePrograms.Find());
                await controlPlane.WaitUntilReadyAsync(cancellationToken);
                return controlPlane;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // Somebody else took one of the ports between its choice and its use.
                await controlPlane.DisposeAsync();
            }
            catch
            {
                await controlPlane.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Kills the API server, starts it anew at the same place, and waits until it is ready. What it stored stays.</summary>
    /// <exception cref="InvalidOperationException">It did not become ready; the message ends with what it logged.</exception>
    public async Task RestartApiServerAsync(CancellationToken cancellationToken)
    {
        await _guard!.StandardInput.WriteLineAsync();
        await _guard.StandardInput.FlushAsync(cancellationToken);
        await _guard.StandardOutput.ReadLineAsync(cancellationToken);
        await WaitUntilReadyAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _files.Dispose();
        if (_guard is null)
        {
            Directory.Delete(_directory, recursive: true);
            return;
        }

        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private void Run(string programs)
    {
        var etcd = $"http://127.0.0.1:{FreePort()}";
        Server = new Uri($"https://127.0.0.1:{FreePort()}");
        _files.WriteKubeConfig(Server);
        var start = new ProcessStartInfo(
            "/bin/sh",
            [
                "-c", Guard, "guard", _directory, Path.Combine(programs, "kube-apiserver"), Path.Combine(programs, "etcd"),
                .. ControlPlaneFlags.ApiServer(_files, etcd, IPAddress.Loopback, Server.Port),
                "--disable-admission-plugins=ServiceAccount", // there is nobody to make service accounts
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in ControlPlaneFlags.Etcd(_directory, etcd, $"http://127.0.0.1:{FreePort()}"))
        {
            start.Environment[name] = value;
        }

        _guard = Process.Start(start)!;
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = _files.CreateClient(Server);
        await ApiServerReadiness.WaitAsync(client, HasDied, () => $"{LastLines("etcd.log")}\n{LastLines("apiserver.log")}", cancellationToken);
    }

    // They log this, and end, when they cannot have a port or are told something they do not know.
    private bool HasDied() => $"{LastLines("etcd.log")}\n{LastLines("apiserver.log")}" is var lines
        && (lines.Contains("\nError: ", StringComparison.Ordinal) || lines.Contains("address already in use", StringComparison.Ordinal));

    private string LastLines(string log)
    {
        var path = _files.PathOf(log);
        return File.Exists(path) ? string.Join('\n', File.ReadLines(path).TakeLast(20)) : $"no {log}";
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Peili.Kubernetes.Configuration;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Crds.Tests.Support;

/// <summary>
/// The server of custom resources of Kubernetes 1.36 beside an older control plane, which it asks who somebody is; with an etcd of its own. Both end, and the folder goes,
/// with the test process however that ends.
/// </summary>
internal sealed class ApiExtensionsServer : IAsyncDisposable
{
    // The guard's standard input closes when the test process dies, whichever way.
    private const string Guard =
        """
        dir=$1 etcd=$2 client=$3 peer=$4; shift 4
        "$etcd" --name=test --data-dir="$dir/etcd" --unsafe-no-fsync --logger=zap --log-level=error \
            --listen-client-urls="$client" --advertise-client-urls="$client" --listen-peer-urls="$peer" \
            --initial-advertise-peer-urls="$peer" --initial-cluster="test=$peer" </dev/null >"$dir/etcd.log" 2>&1 &
        etcd=$!
        "$@" </dev/null >"$dir/server.log" 2>&1 &
        server=$!
        read -r _
        kill -KILL $server $etcd 2>/dev/null
        wait
        rm -rf "$dir"
        """;

    private const int Attempts = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static readonly string s_cache = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "peili",
        "kubernetes");

    private readonly string _directory = Directory.CreateTempSubdirectory("peili-crds-").FullName;
    private readonly ControlPlane _controlPlane;
    private readonly Uri _server = new($"https://127.0.0.1:{FreePort()}");
    private Process? _guard;

    private ApiExtensionsServer(ControlPlane controlPlane) => _controlPlane = controlPlane;

    /// <summary>Says in one line why it cannot be started here, or null.</summary>
    public static string? WhyNot
    {
        get
        {
            var reason = Path.Combine(s_cache, "1.36.unavailable");
            return File.Exists(Program) ? null
                : File.Exists(reason) ? File.ReadAllText(reason).Trim()
                : "apiextensions-apiserver 1.36 is not on this machine (scripts/fetch-apiextensions)";
        }
    }

    private static string Program => Path.Combine(s_cache, "1.36", "apiextensions-apiserver");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It did not become ready; the message ends with what it logged.</exception>
    public static async Task<ApiExtensionsServer> StartAsync(ControlPlane controlPlane, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = new ApiExtensionsServer(controlPlane);
            try
            {
                server.Run();
                await server.WaitUntilReadyAsync(cancellationToken);
                return server;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // Somebody else took one of the ports between its choice and its use.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>A client of the administrator's.</summary>
    public ServerClient Connect()
    {
        var configuration = KubernetesClientConfiguration.Build(KubeConfig.Load(_controlPlane.KubeConfig));
        return new ServerClient(configuration with { Cluster = configuration.Cluster with { Server = _server } });
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is null)
        {
            Directory.Delete(_directory, recursive: true);
            return;
        }

        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void Run()
    {
        // The control plane's own certificate is for this address, too.
        var certificates = Path.GetDirectoryName(_controlPlane.CertificateAuthority)!;
        var etcd = $"http://127.0.0.1:{FreePort()}";
        _guard = Process.Start(new ProcessStartInfo(
            "/bin/sh",
            [
                "-c", Guard, "guard", _directory, Path.Combine(ControlPlanePrograms.Find(), "etcd"), etcd, $"http://127.0.0.1:{FreePort()}",
                Program,
                $"--etcd-servers={etcd}",
                "--bind-address=127.0.0.1",
                $"--secure-port={_server.Port}",
                $"--tls-cert-file={Path.Combine(certificates, "apiserver.crt")}",
                $"--tls-private-key-file={Path.Combine(certificates, "apiserver.key")}",
                $"--client-ca-file={_controlPlane.CertificateAuthority}",
                $"--requestheader-client-ca-file={_controlPlane.CertificateAuthority}",
                $"--kubeconfig={_controlPlane.KubeConfig}",
                $"--authentication-kubeconfig={_controlPlane.KubeConfig}",
                $"--authorization-kubeconfig={_controlPlane.KubeConfig}",
                "--enable-priority-and-fairness=false",
                "--disable-admission-plugins=ValidatingAdmissionPolicy,MutatingAdmissionPolicy,ValidatingAdmissionWebhook,MutatingAdmissionWebhook,NamespaceLifecycle",
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        })!;
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = Connect();
        for (var start = Stopwatch.GetTimestamp(); !await client.AnswersAsync(cancellationToken); await Task.Delay(100, cancellationToken))
        {
            var log = LastLines("server.log");
            if (Stopwatch.GetElapsedTime(start) > s_patience || log.Contains("\nError: ", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"apiextensions-apiserver did not become ready:\n{LastLines("etcd.log")}\n{log}");
            }
        }
    }

    private string LastLines(string log)
    {
        var path = Path.Combine(_directory, log);
        return File.Exists(path) ? "\n" + string.Join('\n', File.ReadLines(path).TakeLast(20)) : $"no {log}";
    }
}

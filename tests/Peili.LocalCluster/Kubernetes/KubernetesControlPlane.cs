using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>
/// etcd, kube-apiserver, kube-controller-manager and kube-scheduler on a machine of their own. Nodes reach the API server by the machine's
/// address, this process and programs on this machine through a port of the loopback.
/// </summary>
internal sealed class KubernetesControlPlane : IAsyncDisposable
{
    private const int Number = 254; // nodes count from below
    private const int Port = 6443;
    private const string Etcd = "http://127.0.0.1:2379";

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PortForward _forward;
    private readonly ConcurrentDictionary<string, MachineProcess> _processes = new(StringComparer.Ordinal);

    private KubernetesControlPlane(Machine machine, string directory)
    {
        Machine = machine;
        _forward = new PortForward(machine, new IPEndPoint(machine.Address, Port));
        Server = new Uri($"https://{machine.Address}:{Port}");
        Files = new ControlPlaneFiles(directory, machine.Address);
        var here = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_forward.EndPoint.Port}"));
        Files.WriteKubeConfig(here);
        Client = Files.CreateClient(here);
    }

    /// <summary>Kubernetes' programs, and nothing else, ask no proxy for machines of the cluster.</summary>
    internal static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["NO_PROXY"] = "*", ["no_proxy"] = "*" };

    internal Machine Machine { get; }

    internal ControlPlaneFiles Files { get; }

    /// <summary>The API server as machines of the cluster reach it.</summary>
    internal Uri Server { get; }

    /// <summary>The administrator's, from here.</summary>
    internal HttpClient Client { get; }

    /// <summary>What each of them wrote last.</summary>
    internal string Logs => string.Join('\n', _processes.Select(process => $"--- {process.Key}\n{process.Value.Error}"));

    /// <summary>What each of them uses, by name.</summary>
    internal IEnumerable<(string Name, ProcessUsage Usage)> ReadUsage() => _processes.Select(process => (process.Key, process.Value.ReadUsage()));

    /// <summary>Ends when everything was started for the first time.</summary>
    internal Task Started => _started.Task;

    /// <summary>Makes the machine and the files; nothing runs yet.</summary>
    internal static async Task<KubernetesControlPlane> CreateAsync(Cluster machines, CancellationToken cancellationToken)
    {
        var machine = await machines.StartMachineAsync("control-plane", Number, cancellationToken);
        return new KubernetesControlPlane(machine, Directory.CreateDirectory(Path.Combine(machines.Directory, machine.Name)).FullName);
    }

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync("etcd", [], ControlPlaneFlags.Etcd(Files.PathOf(""), Etcd, "http://127.0.0.1:2380"), cancellationToken);
            await StartApiServerAsync(cancellationToken);
            await StartControllersAsync(cancellationToken);
            _started.SetResult();
        }
        catch (Exception exception)
        {
            _started.SetException(exception);
            throw;
        }
    }

    internal async Task StartApiServerAsync(CancellationToken cancellationToken)
    {
        if (_processes.ContainsKey("kube-apiserver"))
        {
            return;
        }

        var administrator = Files.PathOf("admin");
        var process = await RunAsync(
            "kube-apiserver",
            [
                .. ControlPlaneFlags.ApiServer(Files, Etcd, Machine.Address, Port),
                "--enable-admission-plugins=NodeRestriction",
                $"--kubelet-client-certificate={administrator}.crt",
                $"--kubelet-client-key={administrator}.key",
                "--kubelet-preferred-address-types=InternalIP",
            ],
            Environment,
            cancellationToken);
        await ApiServerReadiness.WaitAsync(Client, () => process.Exited.IsCompleted, () => $"{process.Error}", cancellationToken);
    }

    internal async Task StopApiServerAsync()
    {
        if (_processes.TryRemove("kube-apiserver", out var process))
        {
            await process.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _forward.DisposeAsync();
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        await Machine.DisposeAsync();
        Files.Dispose();
    }

    private async Task StartControllersAsync(CancellationToken cancellationToken)
    {
        await RunAsync(
            "kube-controller-manager",
            [
                $"--kubeconfig={Files.Admit("controller-manager", "CN=system:kube-controller-manager", Server)}",
                $"--service-account-private-key-file={Files.PathOf("service-accounts.key")}",
                $"--root-ca-file={Files.CertificateAuthority}",
                "--use-service-account-credentials",
                "--leader-elect=false",
                $"--cert-dir={Files.PathOf("controller-manager")}",
                $"--flex-volume-plugin-dir={Files.PathOf("plugins")}",
            ],
            Environment,
            cancellationToken);
        await RunAsync(
            "kube-scheduler",
            [
                $"--kubeconfig={Files.Admit("scheduler", "CN=system:kube-scheduler", Server)}",
                "--leader-elect=false",
                $"--cert-dir={Files.PathOf("scheduler")}",
            ],
            Environment,
            cancellationToken);
    }

    private async Task<MachineProcess> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken) =>
        _processes[program] = await Machine.StartProcessAsync(
            ClusterPrograms.Find(program), arguments, environment, cancellationToken: cancellationToken);
}

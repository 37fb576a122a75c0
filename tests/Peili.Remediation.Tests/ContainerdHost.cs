using Peili.Containerd.Cri;
using Peili.Grpc;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Processes;
using Peili.LocalCluster.Systemd;

namespace Peili.Remediation.Tests;

/// <summary>A host with a real systemd whose unit containerd.service runs a real containerd.</summary>
internal sealed class ContainerdHost : IAsyncDisposable
{
    public const string ConfigFile = "/etc/containerd/config.toml";
    public const string HostsDirectory = "/etc/containerd/certs.d";

    private const string UsualSocket = "/run/containerd/containerd.sock";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SystemdHost _host;
    private readonly string _socket;

    private ContainerdHost(SystemdHost host, string socket) => (_host, _socket) = (host, socket);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is given to programs as --state-path.</summary>
    public string StatePath => At("/var/lib/peili");

    /// <summary>Boots a host.</summary>
    /// <param name="release">Its containerd.</param>
    /// <param name="configuration">What stands in its configuration file.</param>
    /// <param name="prepare">Writes other files of the host, before it boots.</param>
    /// <param name="unit">The unit's name.</param>
    /// <param name="socket">Where that containerd listens.</param>
    /// <param name="command">What the unit runs, in place of containerd with that file; {0} is containerd.</param>
    public static async Task<ContainerdHost> StartAsync(
        ContainerdRelease release, string configuration, Action<SystemdHost>? prepare = null, string command = $"{{0}} --config {ConfigFile}", string unit = "containerd.service",
        string socket = UsualSocket)
    {
        Assert.SkipWhen(SystemdHost.WhyNot() is not null, SystemdHost.WhyNot() ?? "");
        Assert.SkipWhen(ContainerdInstallation.WhyNot(release) is not null, ContainerdInstallation.WhyNot(release) ?? "");
        var host = await SystemdHost.CreateAsync(Cancellation);
        try
        {
            host.Write(ConfigFile, configuration);

            // containerd from 1.7 on makes it with the first blob, and check wants to see it.
            Directory.CreateDirectory(host.At("/var/lib/containerd/io.containerd.content.v1.content"));
            host.AddUnit(
                unit,
                $"""
                 [Service]
                 Type=notify
                 ExecStart={string.Format(null, command, ContainerdInstallation.Find(release).Program)}
                 Restart=always
                 RestartSec=2
                 KillMode=process
                 StandardError=append:/var/log/containerd.log
                 """);
            prepare?.Invoke(host);
            await host.BootAsync(Cancellation);
            var started = new ContainerdHost(host, socket);
            await started.WaitForSocketAsync();
            return started;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public string At(string path) => _host.At(path);

    public string Read(string path) => File.ReadAllText(At(path));

    /// <summary>Runs the agent's command on this host.</summary>
    public Task<CommandResult> RunAgentAsync(params string[] arguments) => _host.RunAsync(
        Path.Combine(AppContext.BaseDirectory, "peili-agent"), [.. arguments, "--host-root", _host.Root], Cancellation);

    public Task<CommandResult> RemediateAsync(params string[] arguments) => RunAgentAsync(["remediate", "--state-path", StatePath, .. arguments]);

    /// <summary>See that <c>check</c> gives this exit status, its verdict.</summary>
    public async Task CheckAsync(int status)
    {
        var result = await RunAgentAsync("check");
        result.ExitCode.ShouldBe(status, result.Output + result.Error);
    }

    /// <summary>Whether containerd asks the mirror of <c>_default</c> when it is made to pull a name that does not exist.</summary>
    public async Task<bool> AsksMirrorAsync()
    {
        await using var mirror = new RecordingMirror();
        Directory.CreateDirectory(At($"{HostsDirectory}/_default"));
        await File.WriteAllTextAsync(
            At($"{HostsDirectory}/_default/hosts.toml"), $"[host.\"{mirror.Address}\"]\ncapabilities = [\"pull\", \"resolve\"]\n", Cancellation);
        using var cri = new CriClient(At(_socket));
        await Should.ThrowAsync<RpcException>(() => cri.PullImageAsync("peili-probe.invalid/any:1", Cancellation));
        return mirror.Requests.Any(line => line.Contains("ns=peili-probe.invalid", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task WaitForSocketAsync()
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!await AnswersAsync())
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new InvalidOperationException($"containerd does not come up: {(File.Exists(At("/var/log/containerd.log")) ? Read("/var/log/containerd.log") : "no log")}");
            }

            await Task.Delay(50, Cancellation);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var containerd = new Containerd.ContainerdClient(At(_socket), "k8s.io");
            await containerd.GetVersionAsync(Cancellation);
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}

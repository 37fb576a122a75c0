using System.Diagnostics;
using System.Net.Sockets;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Systemd;

/// <summary>
/// A host with a real systemd: the first process of a PID namespace whose <c>/etc</c>, <c>/run</c>, <c>/var</c> and <c>/opt</c> are folders of
/// <see cref="Root"/>, in a cgroup of its own, on this machine's network. When its owner disposes of it or dies, the kernel kills every process of it,
/// and with them go namespaces and mounts; the keeper, which waits for that, removes the cgroup and the folder.
/// </summary>
public sealed class SystemdHost : IAsyncDisposable
{
    private const string Keeper =
        """
        trap '' HUP INT TERM
        directory=$1 group=$2 boot=$3
        mkdir "$group" || exit
        sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' enter "$group" \
            setpriv --pdeathsig KILL unshare --fork --kill-child --pid --mount --mount-proc --cgroup --uts --ipc -- \
            sh -c "$boot" boot "$directory" </dev/null >/dev/null 2>"$directory/boot.log" &
        cat >/dev/null
        kill -KILL $!
        wait
        tries=0
        until find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || [ $((tries += 1)) -gt 300 ]; do sleep 0.1; done
        rm -rf -- "$directory" "$directory.lock"
        """;

    private const string Bus =
        """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>system</type>
          <listen>systemd:</listen>
          <auth>EXTERNAL</auth>
          <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
        </busconfig>
        """;

    private const string Boot =
        """
        set -e
        for part in etc run var opt; do mount --bind "$1/$part" "/$part"; done
        umount --lazy --recursive /sys/fs/cgroup
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        export container=peili SYSTEMD_UNIT_PATH=/etc/systemd/system SYSTEMD_GENERATOR_PATH=/nowhere SYSTEMD_LOG_TARGET=null
        exec /lib/systemd/systemd --system --unit=boot.target
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClusterDirectory _directory;
    private Process? _keeper;
    private bool _hasBus;

    private SystemdHost(ClusterDirectory directory) => _directory = directory;

    /// <summary>Where the host's <c>/</c> is: its <c>/etc</c>, <c>/run</c>, <c>/var</c> and <c>/opt</c> are there, and nothing else.</summary>
    public string Root => _directory.Path;

    /// <summary>The system bus' socket, once <see cref="AddBus"/> was called and the host is booted.</summary>
    public string BusSocket => At("/run/dbus/system_bus_socket");

    /// <summary>systemd's own socket. It turns away whom it cannot see: only programs started with <see cref="RunAsync"/> get through.</summary>
    public string PrivateSocket => At("/run/systemd/private");

    /// <summary>Why there can be none on this machine, in one line, or null.</summary>
    public static string? WhyNot() => SystemdPrerequisites.WhyNot;

    /// <summary>Prepares a host that is not booted yet, with no unit but <c>boot.target</c>.</summary>
    public static async Task<SystemdHost> CreateAsync(CancellationToken cancellationToken)
    {
        await ClusterDirectory.SweepAsync(cancellationToken);
        var host = new SystemdHost(ClusterDirectory.Create());
        foreach (var part in new[] { "/etc/systemd/system", "/run", "/var/lib", "/var/log", "/opt" })
        {
            Directory.CreateDirectory(host.At(part));
        }

        foreach (var file in new[] { "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/hosts" }.Where(File.Exists))
        {
            File.Copy(file, host.At(file));
        }

        host.Write(UnitFile("boot.target"), "[Unit]\nDefaultDependencies=no\nAllowIsolate=yes\n");
        return host;
    }

    /// <summary>Adds a unit, which is started at boot.</summary>
    /// <param name="name">Such as <c>containerd.service</c>.</param>
    /// <param name="text">Its sections after [Unit].</param>
    public void AddUnit(string name, string text)
    {
        Write(UnitFile(name), $"[Unit]\nDefaultDependencies=no\n{text}\n");
        File.AppendAllText(At(UnitFile("boot.target")), $"Wants={name}\n");
    }

    /// <summary>Adds a system bus: the real dbus-daemon, to which systemd connects.</summary>
    public void AddBus()
    {
        _hasBus = true;
        Write("/etc/bus.conf", Bus);
        AddUnit("dbus.socket", "[Socket]\nListenStream=/run/dbus/system_bus_socket");
        AddUnit(
            "dbus.service",
            $"[Service]\nExecStart={Tools.Find("dbus-daemon")} --config-file=/etc/bus.conf --nofork --nopidfile --systemd-activation");
    }

    /// <summary>Runs a program to its end that systemd can see. It has this machine's files, not the host's.</summary>
    public Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Command.RunAsync("nsenter", [$"--target={Init}", "--pid", "--", program, .. arguments], "", cancellationToken);

    /// <summary>Where a path of the host is on this machine.</summary>
    public string At(string path) => Root + path;

    /// <summary>Writes a file of the host, with the folders it needs.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    /// <summary>Boots: starts systemd, and with it what <c>boot.target</c> wants. Ends when systemd's own socket takes connections, and the system bus' is there.</summary>
    public async Task BootAsync(CancellationToken cancellationToken)
    {
        var start = Tools.Prepare("sh", ["-c", Keeper, "peili-keeper", Root, $"{SystemdPrerequisites.OwnGroup()}/peili-{_directory.Id}", Boot]);
        _keeper = Process.Start(start) ?? throw new InvalidOperationException("the keeper did not start");
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!Accepts(PrivateSocket) || (_hasBus && !File.Exists(BusSocket)))
        {
            if (_keeper.HasExited || Environment.TickCount64 > deadline)
            {
                throw new InvalidOperationException($"systemd does not come up: {ReadLog()}");
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Kills everything on the host, and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_keeper is null)
        {
            Directory.Delete(Root, recursive: true);
        }
        else
        {
            _keeper.StandardInput.Close();
            await _keeper.WaitForExitAsync().WaitAsync(Patience);
            _keeper.Dispose();
        }

        _directory.Dispose();
    }

    /// <summary>The first process of the host, by its number outside: keeper, unshare (what went before was replaced by it), systemd.</summary>
    private int Init => ProcessTree.FirstChildOf(_keeper?.Id ?? 0) is { } unshare && ProcessTree.FirstChildOf(unshare) is { } init
        ? init
        : throw new InvalidOperationException("the host is not booted");

    private static string UnitFile(string name) => $"/etc/systemd/system/{name}";

    private string ReadLog() => File.Exists(At("/boot.log")) ? File.ReadAllText(At("/boot.log")) : "";

    private static bool Accepts(string socketPath)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

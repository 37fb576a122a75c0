using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Processes;
using Peili.LocalCluster.Systemd;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>
/// The systemd of a node: a real one, on the node's own system bus, with the unit containerd.service. It cannot run containerd itself, for it is
/// in namespaces of its own beside the node's; the unit's commands leave a word in a file, and what it asks for is done here.
/// </summary>
internal sealed class NodeSystemd : IAsyncDisposable
{
    private const string Folder = "/run/peili";

    // Systemd's own bound, 90 s, ends the waiting.
    private const string Ask =
        """
        #!/bin/sh
        cd /run/peili
        echo "$1" >asked.new
        mv asked.new asked
        until [ -e answer ]; do sleep 0.1; done
        read -r answer <answer
        rm answer
        [ "$answer" = done ] || { echo "$answer" >&2; exit 1; }
        """;

    private readonly SystemdHost _host;
    private readonly NodeContainerd _containerd;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;

    private NodeSystemd(SystemdHost host, NodeContainerd containerd)
    {
        _host = host;
        _containerd = containerd;
        _serving = ServeAsync();
    }

    /// <summary>Boots it and puts its bus where the node looks for it.</summary>
    internal static async Task<NodeSystemd> StartAsync(Machine machine, NodeContainerd containerd, CancellationToken cancellationToken)
    {
        var host = await SystemdHost.CreateAsync(cancellationToken);
        host.Write($"{Folder}/ask", Ask);
        host.AddBus();
        host.AddUnit(
            "containerd.service",
            $"""
             [Service]
             Type=oneshot
             RemainAfterExit=yes
             ExecStart=/bin/sh {Folder}/ask start
             ExecStop=/bin/sh {Folder}/ask stop
             """);
        var systemd = new NodeSystemd(host, containerd);
        try
        {
            await host.BootAsync(cancellationToken);
            var bus = Path.GetDirectoryName(host.BusSocket)!;
            (await machine.RunAsync("sh", ["-c", "mkdir /run/dbus && mount --bind \"$1\" /run/dbus", "bus", bus], cancellationToken))
                .OutputOrThrow($"the system bus of {machine.Name}");
            return systemd;
        }
        catch
        {
            await systemd.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _serving;
        await _host.DisposeAsync();
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                if (File.Exists(At("asked")))
                {
                    await AnswerAsync(await TakeAsync());
                }

                await Task.Delay(50, _ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }

    private async Task<string> TakeAsync()
    {
        var asked = await File.ReadAllTextAsync(At("asked"), _ending.Token);
        File.Delete(At("asked"));
        return asked.Trim();
    }

    private async Task AnswerAsync(string asked)
    {
        var answer = "done";
        try
        {
            if (asked == "stop" || !_containerd.IsRunning)
            {
                await _containerd.StopAsync(Signal.Terminate, _ending.Token);
            }

            if (asked == "start")
            {
                await _containerd.StartWithoutCriAsync(_ending.Token);
            }
        }
        catch (InvalidOperationException exception)
        {
            answer = exception.Message.ReplaceLineEndings(" ");
        }

        await File.WriteAllTextAsync(At("answer.new"), answer + "\n", _ending.Token);
        File.Move(At("answer.new"), At("answer"));
    }

    private string At(string name) => _host.At($"{Folder}/{name}");
}

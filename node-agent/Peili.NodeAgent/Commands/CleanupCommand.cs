using System.CommandLine;
using Peili.Containerd.Hosts;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent cleanup</c>: puts back what configure found and exits.</summary>
internal static class CleanupCommand
{
    public static Command Create()
    {
        var command = new HelpfulCommand(
            "cleanup",
            "Put containerd's certs.d, and k0s' drop-in, back, byte for byte, to what `configure` or `serve` found, and exit. Of a file somebody edited since, only what is ours is taken out. "
            + "Without --hosts-dir it is the folder they wrote to last.",
            """
            peili-agent cleanup                                          # what configure or serve wrote last, as --state-path remembers it
            peili-agent cleanup --hosts-dir /etc/containerd/certs.d --state-path /var/lib/peili
            """)
        {
            CommonOptions.Config,
            CommonOptions.HostsDirectory,
            NodeOptions.Flavor,
            CommonOptions.StatePath,
            NodeOptions.HostRoot,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var root = NodeOptions.BindHost(parsed);
        var statePath = parsed.GetRequiredValue(CommonOptions.StatePath);
        var folder = parsed.GetValue(CommonOptions.HostsDirectory) ?? HostsDirectory.Recorded(root.At(statePath)) ?? HostsPlace.Find(parsed, root).Folder;

        // First the drop-in, which stands in a folder that goes with the last of the others.
        var dropIn = new K0sDropIn(root, statePath).Cleanup();
        HostsChange[] changes = [.. dropIn is null ? [] : (HostsChange[])[dropIn], .. Cleanup(new HostsDirectory(folder, statePath, root))];
        ConfigureCommand.Print(changes, root);
        return changes.Any(change => change.Action == HostsAction.Left) ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static IReadOnlyList<HostsChange> Cleanup(HostsDirectory hosts)
    {
        using var progress = Progress.Start();
        progress.Say("putting hosts.toml files back");
        return hosts.Cleanup(progress.Count);
    }
}

using System.CommandLine;
using Peili.Containerd.Hosts;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent cleanup</c>: puts back what configure found and exits.</summary>
internal static class CleanupCommand
{
    public static Command Create()
    {
        var command = new Command(
            "cleanup",
            "Put containerd's certs.d back, byte for byte, to what `configure` or `serve` found, and exit. Of a file somebody edited since, only the agent's own host is taken out.")
        {
            CommonOptions.Config,
            CommonOptions.HostsDirectory,
            CommonOptions.StatePath,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var hosts = new HostsDirectory(ConfigureCommand.RequireHostsDirectory(parsed), parsed.GetRequiredValue(CommonOptions.StatePath));
        ConfigureCommand.Print(hosts.Cleanup());
        return ExitCodes.Success;
    }
}

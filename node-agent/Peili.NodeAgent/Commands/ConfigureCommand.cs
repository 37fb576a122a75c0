using System.CommandLine;
using Peili.Containerd.Hosts;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent configure</c>: writes containerd's mirror configuration and exits.</summary>
internal static class ConfigureCommand
{
    public static Command Create()
    {
        var command = new Command(
            "configure",
            "Put the agent in front of the other hosts in containerd's certs.d, and exit. What was there is kept behind it, and backed up; "
            + "`cleanup` puts it back. containerd reads these files at every pull and needs no restart.")
        {
            CommonOptions.Config,
            CommonOptions.HostsDirectory,
            CommonOptions.StatePath,
            CommonOptions.Registries,
            CommonOptions.RegistryAddress,
            CommonOptions.RegistryAuthentication,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var statePath = parsed.GetRequiredValue(CommonOptions.StatePath);
        var secret = parsed.GetRequiredValue(CommonOptions.RegistryAuthentication) == RegistryAuthentication.Header
            ? RegistrySecretFile.ReadOrCreate(statePath)
            : null;
        var hosts = new HostsDirectory(RequireHostsDirectory(parsed), statePath);
        var changes = hosts.Configure(
            HostsTarget.Registries(parsed.GetValue(CommonOptions.Registries) ?? []),
            HostsTarget.Entry(parsed.GetRequiredValue(CommonOptions.RegistryAddress), secret));
        Print(changes);
        return ExitCodes.Success;
    }

    /// <summary>The folder of --hosts-dir, which configure and cleanup cannot do without.</summary>
    internal static string RequireHostsDirectory(ParseResult parsed) => parsed.GetValue(CommonOptions.HostsDirectory)
        ?? throw new UsageException("--hosts-dir must be given: the folder that containerd's config_path names, such as /etc/containerd/certs.d");

    /// <summary>One line a file that changed.</summary>
    internal static void Print(IReadOnlyList<HostsChange> changes)
    {
        foreach (var change in changes)
        {
            Console.WriteLine($"{Word(change.Action)} {change.Path}");
        }

        if (changes.Count == 0)
        {
            Console.WriteLine("nothing to change");
        }
    }

    private static string Word(HostsAction action) => action switch
    {
        HostsAction.Written => "wrote",
        HostsAction.Restored => "restored",
        HostsAction.Removed => "removed",
        _ => "took our host out of",
    };
}

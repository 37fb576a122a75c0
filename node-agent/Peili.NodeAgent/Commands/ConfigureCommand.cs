using System.CommandLine;
using Peili.Containerd;
using Peili.Containerd.Hosts;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent configure</c>: writes containerd's mirror configuration and exits.</summary>
internal static class ConfigureCommand
{
    public static Command Create()
    {
        var command = new HelpfulCommand(
            "configure",
            "Put the agent, and other mirrors, in front of the other hosts in containerd's certs.d, and exit. What was there is kept behind, and backed up; "
            + "`cleanup` puts it back. containerd reads these files at every pull and needs no restart. On k0s the drop-in that names the folder is written too, "
            + "unless --hosts-dir is given; do it before k0s starts, and it starts from the mirror.",
            """
            peili-agent configure --dry-run                                          # what it would write, as a diff
            peili-agent configure --hosts-dir /etc/containerd/certs.d
            peili-agent configure --registry docker.io --registry ghcr.io            # these two alone
            peili-agent configure --no-agent --mirror https://mirror.example         # before there is an agent
            peili-agent configure --flavor k0s --no-upstream --mirror http://10.0.0.1:5000 --containerd-version 1.7.24
            """)
        {
            CommonOptions.Config,
            CommonOptions.HostsDirectory,
            NodeOptions.Flavor,
            CommonOptions.StatePath,
            CommonOptions.Registries,
            CommonOptions.RegistryAddress,
            CommonOptions.RegistryAuthentication,
            HostsOptions.Mirrors,
            HostsOptions.RegistriesYaml,
            HostsOptions.NoAgent,
            HostsOptions.ReplaceExisting,
            HostsOptions.NoUpstream,
            NodeOptions.ContainerdVersion,
            NodeOptions.HostRoot,
            HostsOptions.DryRun,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var root = NodeOptions.BindHost(parsed);
        var wishes = HostsOptions.Bind(parsed, root) with { Agent = !parsed.GetValue(HostsOptions.NoAgent) };
        if (wishes is { Agent: false, Mirrors.Count: 0, Registries: null })
        {
            throw new UsageException("--no-agent leaves nothing to write: give --mirror or --registries-yaml");
        }

        var statePath = parsed.GetRequiredValue(CommonOptions.StatePath);
        var place = HostsPlace.Find(parsed, root);
        CheckFiles(wishes, root);
        if (HostsTarget.IsReleased(root.At(statePath)))
        {
            Console.WriteLine($"this node was given back ({Path.Combine(statePath, "released")}); nothing is written");
            return ExitCodes.Success;
        }

        var dryRun = parsed.GetValue(HostsOptions.DryRun);
        var secret = !wishes.Agent || parsed.GetRequiredValue(CommonOptions.RegistryAuthentication).Value == RegistryAuthentication.None ? null
            : dryRun && !RegistrySecretFile.Exists(root.At(statePath)) ? HostsPreview.Mask
            : RegistrySecretFile.ReadOrCreate(root.At(statePath));
        var hosts = new HostsDirectory(place.Folder, statePath, root);
        var edits = hosts.Plan(HostsTarget.Settings(wishes, parsed.GetValue(CommonOptions.Registries) ?? [], parsed.GetRequiredValue(CommonOptions.RegistryAddress), secret));
        var dropIn = place.DropIn?.Plan(ConfigurationVersion(parsed, root));
        foreach (var warning in edits.Warnings)
        {
            Console.Error.WriteLine($"peili-agent: warning: {warning}");
        }

        if (dryRun)
        {
            HostsPreview.Print(edits.Authorities, [.. edits.Files, .. dropIn is null ? [] : (HostsEdit[])[dropIn]], wishes, root);
        }
        else
        {
            Print([.. Apply(hosts, edits), .. dropIn is null ? [] : (HostsChange[])[place.DropIn!.Apply(dropIn)]], root);
        }

        return ExitCodes.Success;
    }

    private static IReadOnlyList<HostsChange> Apply(HostsDirectory hosts, HostsEdits edits)
    {
        using var progress = Progress.Start();
        progress.Say("writing hosts.toml files");
        return hosts.Apply(edits, progress.Count);
    }

    /// <summary>One line a file that changed.</summary>
    internal static void Print(IReadOnlyCollection<HostsChange> changes, HostRoot root)
    {
        foreach (var change in changes)
        {
            Console.WriteLine($"{Word(change.Action)} {root.HostPath(change.Path)}{(change.Remark is null ? string.Empty : $" ({change.Remark})")}");
        }

        if (changes.Count == 0)
        {
            Console.WriteLine("nothing to change");
        }
    }

    /// <summary>containerd fails every pull of a registry whose hosts.toml names a certificate that is not there.</summary>
    private static void CheckFiles(HostsWishes wishes, HostRoot root)
    {
        var files = wishes.Mirrors.SelectMany(mirror => mirror.Files)
            .Concat((wishes.Registries?.Hosts ?? []).Concat(wishes.Registries?.Servers.Values ?? []).SelectMany(host => host.Authorities.Append(host.ClientCertificate).Append(host.ClientKey).OfType<string>()));
        if (files.FirstOrDefault(file => !File.Exists(root.At(file))) is { } missing)
        {
            throw new UsageException($"{missing} is not there, and containerd would fail every pull that it is needed for; in a container, give --host-root");
        }
    }

    private static int ConfigurationVersion(ParseResult parsed, HostRoot root) =>
        parsed.GetValue(NodeOptions.ContainerdVersion) is { } release ? release.Major < 2 ? 2 : 3
        : K0sVersion.FindConfigurationVersion(root)
            ?? throw new UsageException($"{NodeOptions.ContainerdVersion.Name} must be given: this host has no k0s that shows it (1.7 up to k0s 1.35, 2.3 from 1.36 on)");

    private static string Word(HostsAction action) => action switch
    {
        HostsAction.Written => "wrote",
        HostsAction.Restored => "restored",
        HostsAction.Removed => "removed",
        HostsAction.Left => "could not put back",
        _ => "took our hosts out of",
    };
}

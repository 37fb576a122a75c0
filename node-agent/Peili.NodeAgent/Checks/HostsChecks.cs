using Peili.Containerd.Configuration;
using Peili.Containerd.Hosts;
using Peili.Flavors;

namespace Peili.NodeAgent.Checks;

/// <summary>What the hosts.toml files under certs.d say.</summary>
internal static class HostsChecks
{
    private static readonly ReleaseNumber FirstWithReferrers = new(2, 2, 0);

    public static IEnumerable<NodeFinding> Find(NodeUnderCheck node, EffectiveConfiguration configuration)
    {
        if (configuration.Images is not { HostsDirectories: [var first, ..] directories, ConfigPath: var configPath })
        {
            yield break;
        }

        var isRead = directories.Any(directory => directory.TrimEnd('/') == node.HostsDirectory.TrimEnd('/'));

        // The default, which nobody wrote, is a list: the remedy for that names the right folder too.
        if (!isRead && configPath.Source is not null)
        {
            yield return new NodeFinding(
                Finding.HostsDirectoryElsewhere, FindingSeverity.Error,
                $"containerd reads hosts.toml files in {configPath.Value}, not in {node.HostsDirectory}: write them there (--hosts-dir {first})", configPath.Source?.ToString());
        }

        var registries = RegistryHosts.ReadAll(node.Host, isRead ? node.HostsDirectory : first);
        foreach (var finding in IsOwned(node, registries).Concat(Hidden(node, registries)).Concat(Broken(configuration, registries)))
        {
            yield return finding;
        }
    }

    /// <summary>Where the system writes these files and takes ours away, the agent must be among what it was told.</summary>
    private static IEnumerable<NodeFinding> IsOwned(NodeUnderCheck node, IReadOnlyList<RegistryHosts> registries)
    {
        if (!node.Flavor.RegistryAuth && node.Flavor.Steps.Any(step => step.Finding == Finding.HostsDirectoryOwned) && !registries.Any(registry => registry.Names(node.Agent)))
        {
            yield return new NodeFinding(
                Finding.HostsDirectoryOwned, FindingSeverity.Error, $"{node.Flavor.Title} writes these files itself, and none of them names {node.Agent.GetLeftPart(UriPartial.Authority)}",
                node.HostsDirectory);
        }
    }

    private static IEnumerable<NodeFinding> Hidden(NodeUnderCheck node, IReadOnlyList<RegistryHosts> registries) =>
        registries.Any(registry => registry.Folder == HostsDirectory.Default && registry.Names(node.Agent))
            ? registries.Where(registry => registry.Folder != HostsDirectory.Default && !HostsDirectory.IsLoopback(registry.Folder) && !registry.Names(node.Agent))
                .Select(registry => new NodeFinding(
                    Finding.DefaultHidden, FindingSeverity.Warning, $"the folder {registry.Folder} hides {HostsDirectory.Default}, and does not name the agent", registry.File))
            : [];

    private static IEnumerable<NodeFinding> Broken(EffectiveConfiguration configuration, IReadOnlyList<RegistryHosts> registries)
    {
        foreach (var registry in registries)
        {
            if (registry.Error is { } error)
            {
                // Seen with 1.6.20: a key without a value ends the daemon at the next pull of this registry.
                var effect = configuration.Release.Major < 2 ? "containerd ignores this file, or crashes on it at the next pull" : "containerd ignores this file";
                yield return new NodeFinding(Finding.HostsFileInvalid, FindingSeverity.Warning, $"{effect}: {error}", registry.File);
            }
            else if (configuration.Release < FirstWithReferrers && registry.Capability("referrers") is { } referrers)
            {
                yield return new NodeFinding(
                    Finding.ReferrersRefused, FindingSeverity.Warning,
                    $"containerd {configuration.Release} knows no capability \"referrers\" and ignores the whole file for it", referrers.ToString());
            }
        }
    }
}

namespace Peili.Containerd.Hosts;

/// <summary>Decides what a registry's hosts.toml is to be.</summary>
internal static class HostsPlanner
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The edit of a registry's file; null when it is as it should be.</summary>
    /// <exception cref="InvalidDataException">The file cannot be edited; the message says where and why.</exception>
    public static HostsEdit? Plan(ExistingHosts existing, HostsSettings settings, List<string> warnings)
    {
        var registry = HostsFile.RegistryOf(existing.Folder);
        var server = settings.Servers.GetValueOrDefault(registry);
        HostEntry[] hosts = [.. settings.Hosts.Where(host => Serves(host, registry, settings))];
        if (hosts.Length == 0 && server is null)
        {
            return null;
        }

        server ??= HostsFile.Server(registry);
        var before = existing.Current?.Text(existing.File);
        if (before is not null)
        {
            HostsDocument.Parse(existing.File, before);
        }

        var isOurs = existing.Current is not null && existing.Backup.IsOurs(existing.Current.Bytes);
        var isMade = before is null || (isOurs && existing.Backup.Original is null);
        var (others, remark) = !isMade ? existing.Strip(before!) : (settings.Upstream ? HostsFile.Create(server, existing.Certificates) : string.Empty, null);
        var last = settings.Upstream || hosts.Length == 0 ? null : LastResort(hosts);
        if (remark is not null)
        {
            warnings.Add($"{existing.File}: {remark}");
        }

        string after;
        if (settings.ReplaceExisting && !isMade)
        {
            after = HostsFile.With(existing.File, others, HostsExisting.Replaced, last ?? server, hosts);
        }
        else
        {
            var kept = HostsDocument.Parse(existing.File, others);
            warnings.AddRange(Warnings(kept, hosts));
            hosts = [.. hosts.Where(host => !kept.Hosts.Contains(host.Url))];
            after = hosts.Length == 0 && last is null && kept.Hosts.Count > 0
                ? others
                : HostsFile.With(existing.File, others, settings.Upstream ? HostsExisting.Kept : HostsExisting.WithoutServer, last, hosts);
        }

        var isSecret = hosts.Append(last).Any(host => host is { IsSecret: true });
        return Edit(existing, isOurs, before, others, after, isSecret, [.. hosts.Select(host => host.Url)]);
    }

    private static IEnumerable<string> Warnings(HostsDocument kept, HostEntry[] hosts) =>
    [
        .. hosts.Where(host => kept.Hosts.Contains(host.Url)).Select(host => $"{kept.PlaceOf(host.Url)}: [host.\"{host.Url}\"] is there already, and stays as and where it is"),
        .. kept.HostsWith("referrers").Select(host =>
            $"{kept.PlaceOf(host)}: [host.\"{host}\"] has the capability \"referrers\"; containerd before 2.2 ignores the whole file for it, ours with it"),
    ];

    private static bool Serves(HostEntry host, string registry, HostsSettings settings) =>
        host.Registries.Count > 0 ? host.Registries.Contains(registry) : settings.Registries.Contains(registry) || !HostsDirectory.IsLoopback(registry);

    /// <summary>containerd asks the registry itself last, unless that is one of the hosts. Asked a second time, the agent answers at once for want of the secret.</summary>
    private static HostEntry LastResort(HostEntry[] hosts) => hosts[0] with { Secret = null, Capabilities = [] };

    private static HostsEdit? Edit(ExistingHosts existing, bool isOurs, string? before, string others, string after, bool isSecret, string[] notes)
    {
        var own = existing.Current is not { } current ? Everyone : isOurs ? existing.Backup.Original?.Mode ?? Everyone : existing.OwnMode(current);
        var wanted = new FileContent(HostsFile.Encoding.GetBytes(after), isSecret ? OwnerOnly : own);
        if (existing.Current is { } now && now.Mode == wanted.Mode && now.Bytes.AsSpan().SequenceEqual(wanted.Bytes) && (isOurs || after == others))
        {
            return null;
        }

        var original = before is null || isOurs ? null : before == others ? existing.Current : new FileContent(HostsFile.Encoding.GetBytes(others), own);
        return new HostsEdit(new FileEdit(existing.File, existing.Current, original, wanted, existing.Backup, notes), before, after);
    }
}

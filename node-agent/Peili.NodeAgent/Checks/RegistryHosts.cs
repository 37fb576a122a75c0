using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.Toml;

namespace Peili.NodeAgent.Checks;

/// <summary>A registry's folder in certs.d, as containerd finds it.</summary>
/// <param name="Folder">Its name: the registry, or <c>_default</c>.</param>
/// <param name="File">The host's path of its hosts.toml, which may not exist.</param>
/// <param name="Document">What it says; null when it is not there, or is not TOML.</param>
/// <param name="Error">Why it is not TOML, with line and column; null when it is.</param>
internal sealed record RegistryHosts(string Folder, string File, TomlDocument? Document, string? Error)
{
    private const int MaxFolders = 10_000;
    private const int MaxLength = 1024 * 1024;

    /// <summary>Reads every folder of a certs.d, in alphabetical order.</summary>
    public static IReadOnlyList<RegistryHosts> ReadAll(HostRoot host, string hostsDirectory)
    {
        var real = host.At(hostsDirectory);
        return Directory.Exists(real)
            ? [.. Directory.EnumerateDirectories(real).Select(folder => Path.GetFileName(folder)).Where(folder => !folder.StartsWith('.'))
                .Order(StringComparer.Ordinal).Take(MaxFolders).Select(folder => Read(host, folder, $"{hostsDirectory.TrimEnd('/')}/{folder}/hosts.toml"))]
            : [];
    }

    /// <summary>Whether one of its hosts is the agent.</summary>
    public bool Names(Uri agent) => Hosts.Any(host =>
        Uri.TryCreate(host.Key.Contains("://", StringComparison.Ordinal) ? host.Key : $"https://{host.Key}", UriKind.Absolute, out var url)
        && url.GetLeftPart(UriPartial.Authority) == agent.GetLeftPart(UriPartial.Authority));

    /// <summary>Where a capability is named; null when it is not.</summary>
    public SettingSource? Capability(string name) => Hosts.Select(host => host.Value).Append(Document?.Root)
        .Select(table => table?.Find("capabilities") as TomlArray)
        .Where(list => list is not null && list.Any(item => item is TomlScalar { Value: string capability } && capability == name))
        .Select(list => (SettingSource?)new SettingSource(File, list!.Position.Line)).FirstOrDefault();

    private IEnumerable<KeyValuePair<string, TomlValue>> Hosts => Document?.Find("host") as TomlTable ?? Enumerable.Empty<KeyValuePair<string, TomlValue>>();

    private static RegistryHosts Read(HostRoot host, string folder, string file)
    {
        var real = host.At(file);
        if (!System.IO.File.Exists(real))
        {
            return new RegistryHosts(folder, file, null, null);
        }

        if (new FileInfo(real).Length > MaxLength)
        {
            return new RegistryHosts(folder, file, null, $"{file} is longer than {MaxLength} bytes");
        }

        return TomlDocument.TryParse(System.IO.File.ReadAllBytes(real), out var document, out var error, file)
            ? new RegistryHosts(folder, file, document, null)
            : new RegistryHosts(folder, file, null, $"{file}:{error.Line}:{error.Column}: {error.Reason}");
    }
}

using System.Text.RegularExpressions;
using Peili.Containerd.Configuration;
using Peili.Flavors;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Checks;

/// <summary>What the Kubernetes distribution does beside containerd.</summary>
internal static class PlatformChecks
{
    private const int MaxLength = 1024 * 1024;

    private static readonly Regex EmbeddedRegistry = new(
        @"^\s*embedded-registry\s*:\s*[""']?true|--embedded-registry(=true)?(\s|['""]|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    public static IEnumerable<NodeFinding> Find(NodeUnderCheck node)
    {
        var name = node.Flavor.Name;
        if (node.Flavor.Steps.Any(step => step.Finding == Finding.EmbeddedRegistry) && FindLine(node, EmbeddedRegistry, SettingsOf(name)) is { } source)
        {
            yield return new NodeFinding(
                Finding.EmbeddedRegistry, FindingSeverity.Error, $"{node.Flavor.Title}'s embedded registry is on: it is a mirror too, and writes the same files", source.ToString());
        }

        var registries = $"/etc/rancher/{name}/registries.yaml";
        if (node.Flavor.RegistryAuth && node.Flavor.Steps.Any(step => step.Finding == Finding.HostsDirectoryOwned) && new HostFacts(node.Host).FileExists(registries))
        {
            yield return new NodeFinding(
                Finding.HostsDirectoryOwned, FindingSeverity.Information,
                $"{node.Flavor.Title} writes the registries of this file anew at each start; the agent then adds itself again", registries);
        }
    }

    /// <summary>Where a distribution of Rancher's has its options: its own files, and the command lines of its units.</summary>
    private static string[] SettingsOf(string name) =>
        [$"/etc/rancher/{name}/config.yaml", $"/etc/rancher/{name}/config.yaml.d", $"/etc/systemd/system/{name}.service", $"/etc/systemd/system/{name}-server.service"];

    private static SettingSource? FindLine(NodeUnderCheck node, Regex pattern, IEnumerable<string> paths)
    {
        foreach (var path in paths.SelectMany(path => Files(node, path)))
        {
            var lines = (new HostFacts(node.Host).ReadText(path, MaxLength) ?? string.Empty).Split('\n');
            if (Array.FindIndex(lines, line => !line.TrimStart().StartsWith('#') && pattern.IsMatch(line)) is >= 0 and var line)
            {
                return new SettingSource(path, line + 1);
            }
        }

        return null;
    }

    /// <summary>A file, or those of a folder.</summary>
    private static IEnumerable<string> Files(NodeUnderCheck node, string path)
    {
        var real = node.Host.At(path);
        return Directory.Exists(real) ? Directory.GetFiles(real).Order(StringComparer.Ordinal).Select(file => $"{path}/{Path.GetFileName(file)}") : [path];
    }
}

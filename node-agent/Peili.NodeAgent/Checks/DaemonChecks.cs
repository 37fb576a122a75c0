using System.Globalization;
using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.Flavors;

namespace Peili.NodeAgent.Checks;

/// <summary>What the running containerd says, and whether it still is what its files say.</summary>
internal static class DaemonChecks
{
    public static IEnumerable<NodeFinding> Find(NodeUnderCheck node, DaemonAnswers daemon)
    {
        if (daemon.CriError is { } error)
        {
            yield return new NodeFinding(Finding.CriNotLoaded, FindingSeverity.Error, $"the CRI plugin did not load: {error}", node.SocketPath);
        }
        else if (!daemon.HasCri)
        {
            yield return new NodeFinding(Finding.CriDisabled, FindingSeverity.Error, "containerd runs without its CRI plugin, and so kubelet cannot use it", node.SocketPath);
        }

        // containerd makes the folder itself at its first pull only.
        if (daemon.ContentRoot is { } content && !Directory.Exists(node.Host.At(content)) && !Directory.Exists(node.Host.At(Path.GetDirectoryName(content)!)))
        {
            yield return new NodeFinding(
                Finding.ContentPathNotMounted, FindingSeverity.Error, $"containerd keeps its content in {content}, which cannot be seen from here", node.SocketPath);
        }
    }

    /// <summary>Whether containerd still runs with what it read before somebody changed it.</summary>
    public static IEnumerable<NodeFinding> Edited(NodeUnderCheck node, DaemonAnswers daemon, EffectiveConfiguration configuration)
    {
        if (daemon.Running is { } running)
        {
            var files = configuration.Images;
            if (running.ConfigPath != files.ConfigPath.Value || running.DiscardUnpackedLayers != files.DiscardUnpackedLayers.Value)
            {
                yield return new NodeFinding(
                    Finding.EditedSinceStart, FindingSeverity.Warning,
                    string.Create(CultureInfo.InvariantCulture, $"containerd runs with config_path \"{running.ConfigPath}\" and discard_unpacked_layers {Word(running.DiscardUnpackedLayers)}; its files say \"{files.ConfigPath.Value}\" and {Word(files.DiscardUnpackedLayers.Value)}: restart it"),
                    files.ConfigPath.Source?.ToString() ?? node.ConfigFile);
            }
        }
        else if (daemon.Started is { } started && LastEdited(node.Host, configuration) is { File: { } file, At: var edited } && edited > started)
        {
            yield return new NodeFinding(
                Finding.EditedSinceStart, FindingSeverity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"changed at {edited:u}, after containerd started at {started:u}: it goes by what it read then until it is restarted"), file);
        }
    }

    private static (string? File, DateTimeOffset At) LastEdited(HostRoot host, EffectiveConfiguration configuration) => configuration.Files
        .Select(file => (File: (string?)file.Path, At: new DateTimeOffset(File.GetLastWriteTimeUtc(host.At(file.Path)))))
        .OrderByDescending(file => file.At).FirstOrDefault();

    private static string Word(bool value) => value ? "true" : "false";
}

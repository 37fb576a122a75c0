using System.Text;
using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.Flavors;
using Peili.Toml;

namespace Peili.NodeAgent.Remediation;

/// <summary>Says what <c>remediate</c> would do on a host, and touches nothing.</summary>
/// <param name="host">The host.</param>
/// <param name="flavor">What kind of node it is.</param>
/// <param name="configFile">The host's path of containerd's root configuration file.</param>
/// <param name="hostsDirectory">The folder that the agent writes hosts.toml files to, by the host's path.</param>
/// <param name="release">The containerd that runs there.</param>
internal sealed class Planner(HostRoot host, Flavor flavor, string configFile, string hostsDirectory, ReleaseNumber release)
{
    private const int ImagesVersion = 3;
    private const int CriVersion = 2;

    /// <summary>Makes the plan.</summary>
    /// <exception cref="ConfigurationException">A file of the configuration cannot be read, or is not TOML.</exception>
    public Plan Make()
    {
        var configuration = Read();
        var wish = Wish.Of(configuration, hostsDirectory);
        if (wish.IsFulfilled && configuration is { Refusal: null, CriRefusal: null })
        {
            return new Plan(wish, []);
        }

        if (flavor.Remediation.Edits == RemediationKind.None)
        {
            return new Plan(wish, [], flavor.Remediation.Why!);
        }

        return Wish.Obstacle(configuration) is { } obstacle ? new Plan(wish, [], obstacle)
            : flavor.Remediation.Edits == RemediationKind.DropIn ? DropIn(configuration, wish)
            : Edit(configuration, wish);
    }

    /// <summary>What the configuration lacks now.</summary>
    /// <exception cref="ConfigurationException">A file of it cannot be read, or is not TOML.</exception>
    public Wish Left() => Wish.Of(Read(), hostsDirectory);

    /// <summary>What the configuration says now.</summary>
    /// <exception cref="ConfigurationException">A file of it cannot be read, or is not TOML.</exception>
    private EffectiveConfiguration Read() => ConfigurationReader.Read(host, configFile, release);

    private Plan Edit(EffectiveConfiguration configuration, Wish wish)
    {
        using var editor = new ConfigurationEditor(configFile, configuration);
        if (editor.Fulfil(wish) is not { } files)
        {
            return new Plan(wish, [], $"no edit of {Names(configuration)} gives {wish} and changes nothing else");
        }

        List<FileEdit> edits = [.. files.Select(file => FileEdit.Of(host, file.Path, file.Content))];
        if (flavor.Remediation is { BootFile: { } boot } remediation && remediation.BootTextFor(configuration.RootVersion) is { } text)
        {
            var own = flavor.Paths.Hosts is { } usual ? text.Replace(usual, hostsDirectory, StringComparison.Ordinal) : text;
            edits.Add(FileEdit.Of(host, boot, Encoding.UTF8.GetBytes(own)));
        }

        return new Plan(wish, edits);
    }

    /// <summary>The flavor merges the file into a configuration of its own making, which only it can say; so nothing but this file is looked at here.</summary>
    private Plan DropIn(EffectiveConfiguration configuration, Wish wish)
    {
        if (wish is not { ConfigPath: { } folder, KeepsLayers: false, EnablesCri: false })
        {
            var source = wish.KeepsLayers ? configuration.Images.DiscardUnpackedLayers.Source : configuration.CriDisabled?.Source;
            return new Plan(wish, [], $"{source} is not {flavor.Title}'s own doing");
        }

        var path = flavor.Remediation.Path!;
        var real = host.At(path);
        var isVersion3 = release.MaxConfigVersion >= ImagesVersion;
        try
        {
            var document = TomlDocument.Parse(File.Exists(real) ? File.ReadAllBytes(real) : Encoding.UTF8.GetBytes($"version = {(isVersion3 ? ImagesVersion : CriVersion)}\n"), path);
            document.Set(["plugins", isVersion3 ? "io.containerd.cri.v1.images" : "io.containerd.grpc.v1.cri", "registry", "config_path"], folder);
            return new Plan(wish, [FileEdit.Of(host, path, document.ToUtf8())]);
        }
        catch (Exception exception) when (exception is TomlException or InvalidOperationException)
        {
            throw new ConfigurationException($"{path}: {exception.Message}", exception);
        }
    }

    private string Names(EffectiveConfiguration configuration) =>
        configuration.Files.Count == 0 ? configFile : string.Join(", ", configuration.Files.Select(file => file.Path));
}

using Peili.Containerd.Configuration;
using Peili.Flavors;

namespace Peili.NodeAgent.Remediation;

/// <summary>What containerd's configuration should say and does not.</summary>
/// <param name="ConfigPath">The one folder that <c>config_path</c> should name; null where it may stay as it is.</param>
/// <param name="KeepsLayers">Whether <c>discard_unpacked_layers</c> must be switched off.</param>
/// <param name="EnablesCri">Whether the CRI plugin must be taken out of <c>disabled_plugins</c>.</param>
internal sealed record Wish(string? ConfigPath, bool KeepsLayers, bool EnablesCri)
{
    private const string UsualFolder = "/etc/containerd/certs.d";

    /// <summary>Whether everything is as it should be.</summary>
    public bool IsFulfilled => ConfigPath is null && !KeepsLayers && !EnablesCri;

    /// <summary>What is wrong with a configuration.</summary>
    public static Wish Of(EffectiveConfiguration configuration, Flavor flavor) => new(
        FolderFor(configuration, flavor.Paths.Hosts ?? UsualFolder), configuration.Images.DiscardUnpackedLayers.Value, configuration.CriDisabled is not null);

    /// <summary>
    /// Why nobody but the file's owner can mend a configuration; null when we can. Deprecated tables do not go together with <c>config_path</c>, and to delete them
    /// would lose somebody's mirrors and certificates.
    /// </summary>
    public static string? Obstacle(EffectiveConfiguration configuration) => configuration switch
    {
        { Refusal: { } refusal } => $"{refusal.Source}: {refusal.Value}",
        { Images.Mirrors: [var mirror, ..] } => $"{mirror.Source}: registry.mirrors is set for {mirror.Value}",
        { Images.ConfigsWithTls: [var config, ..], Release.Major: < 2 } => $"{config.Source}: registry.configs.\"{config.Value}\".tls is set",
        _ => null,
    };

    /// <summary>In words, for people.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        ConfigPath is null ? null : $"config_path = \"{ConfigPath}\"",
        KeepsLayers ? "discard_unpacked_layers = false" : null,
        EnablesCri ? "the CRI plugin enabled" : null,
    }.OfType<string>());

    /// <summary>A list works only while something keeps containerd from its transfer service; a single other folder is honoured.</summary>
    private static string? FolderFor(EffectiveConfiguration configuration, string usual)
    {
        var folders = configuration.Images.HostsDirectories;
        return folders is not [var first, ..] ? usual
            : !configuration.Images.IsList || !configuration.Release.PullsByTransfer ? null
            : configuration.Images.ConfigPath.Source is null || folders.Contains(usual) ? usual
            : first;
    }
}

using Peili.Containerd.Configuration;
using Peili.Toml;

namespace Peili.NodeAgent.Remediation;

/// <summary>Where a file can have the settings of images: in the CRI plugin's table of version 1 or 2, or in the images plugin's of version 3.</summary>
/// <param name="Plugin">The plugin's name.</param>
/// <param name="Storage">The table in it that has <c>discard_unpacked_layers</c>; null where it is the plugin's own.</param>
internal sealed record Placement(string Plugin, string? Storage)
{
    private static readonly Placement Version1 = new("cri", "containerd");
    private static readonly Placement Version2 = new("io.containerd.grpc.v1.cri", "containerd");
    private static readonly Placement Version3 = new("io.containerd.cri.v1.images", null);

    private const int ImagesVersion = 3;

    /// <summary>Where <c>config_path</c> is.</summary>
    public TomlStep[] ConfigPath => ["plugins", Plugin, "registry", "config_path"];

    /// <summary>Where <c>discard_unpacked_layers</c> is.</summary>
    public TomlStep[] DiscardUnpackedLayers =>
        Storage is null ? ["plugins", Plugin, "discard_unpacked_layers"] : ["plugins", Plugin, Storage, "discard_unpacked_layers"];

    /// <summary>The places in a file, the likeliest first: where the setting is, where its plugin is, where its version has it.</summary>
    public static IEnumerable<Placement> In(TomlDocument document, int version, ReleaseNumber release, Func<Placement, TomlStep[]> setting)
    {
        Placement[] usual = release.Major < 2
            ? version <= 1 ? [Version1, Version2] : [Version2]
            : version >= ImagesVersion ? [Version3] : [Version2, Version3];
        return usual
            .OrderBy(placement => document.Find(setting(placement)) is null)
            .ThenBy(placement => document.Find("plugins", placement.Plugin) is null);
    }
}

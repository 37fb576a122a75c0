using System.Text.Json;

namespace Peili.Containerd.Cri;

/// <summary>What the running containerd says that its CRI plugin goes by, whatever its files say now.</summary>
/// <param name="ConfigPath">The folders with hosts.toml files, colons between them; empty when none is read.</param>
/// <param name="DiscardUnpackedLayers">Whether layers may go once they are unpacked.</param>
public sealed record RunningSettings(string ConfigPath, bool DiscardUnpackedLayers)
{
    private const string ImagesType = "io.containerd.cri.v1";

    /// <summary>Reads the verbose status of containerd 1.x; null when it has no settings of images, as in 2.x.</summary>
    internal static RunningSettings? FromStatus(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("registry", out var registry) && registry is { ValueKind: JsonValueKind.Object }
                && registry.TryGetProperty("configPath", out var path) && path.ValueKind == JsonValueKind.String
                && root.TryGetProperty("containerd", out var containerd) && containerd is { ValueKind: JsonValueKind.Object }
                && containerd.TryGetProperty("discardUnpackedLayers", out var discard) && discard.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? new RunningSettings(path.GetString()!, discard.GetBoolean())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads what the images plugin of containerd after 2.4.0-beta.0 publishes; null when it does not.</summary>
    public static RunningSettings? FromPlugins(IEnumerable<ContainerdPlugin> plugins) =>
        plugins.FirstOrDefault(plugin => plugin is { Type: ImagesType, Id: "images" }) is { } images
        && images.Exports.TryGetValue("RegistryConfigPath", out var path)
        && images.Exports.TryGetValue("DiscardUnpackedLayers", out var text) && bool.TryParse(text, out var discard)
            ? new RunningSettings(path, discard)
            : null;
}

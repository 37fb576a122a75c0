using System.Text.Json.Nodes;

namespace Peili.LocalCluster.Images;

/// <summary>The JSON documents of the OCI image specification 1.0.</summary>
internal static class OciJson
{
    internal const string IndexType = "application/vnd.oci.image.index.v1+json";
    internal const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    internal const string ConfigType = "application/vnd.oci.image.config.v1+json";
    internal const string LayerType = "application/vnd.oci.image.layer.v1.tar";

    internal static JsonObject Descriptor(BlobDescriptor blob, params ReadOnlySpan<(string Name, JsonNode Value)> more)
    {
        var descriptor = new JsonObject { ["mediaType"] = blob.MediaType, ["digest"] = blob.Digest, ["size"] = blob.Size };
        foreach (var (name, value) in more)
        {
            descriptor[name] = value;
        }

        return descriptor;
    }

    internal static JsonObject Index(IEnumerable<JsonObject> manifests) =>
        new() { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = Array(manifests) };

    internal static JsonObject Manifest(BlobDescriptor config, IEnumerable<BlobDescriptor> layers) =>
        new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor(config),
            ["layers"] = Array(layers.Select(layer => Descriptor(layer))),
        };

    internal static JsonObject Config(string platform, IEnumerable<string> command, IEnumerable<string> uncompressedDigests)
    {
        var config = Platform(platform);
        config["config"] = new JsonObject { ["Cmd"] = Array(command.Select(word => JsonValue.Create(word))) };
        config["rootfs"] = new JsonObject
        {
            ["type"] = "layers",
            ["diff_ids"] = Array(uncompressedDigests.Select(digest => JsonValue.Create(digest))),
        };
        return config;
    }

    internal static JsonObject Platform(string platform)
    {
        var parts = platform.Split('/');
        return new JsonObject { ["os"] = parts[0], ["architecture"] = parts[1] };
    }

    private static JsonArray Array(IEnumerable<JsonNode> items) => [.. items];
}

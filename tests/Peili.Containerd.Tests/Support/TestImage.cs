using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Peili.Containerd.Tests.Support;

/// <summary>An image made on the spot, with random layers, to be imported from an OCI archive.</summary>
internal sealed class TestImage
{
    private static readonly string[] s_platforms = ["amd64", "arm64"];

    private readonly Dictionary<Digest, byte[]> _blobs = [];
    private readonly JsonArray _entries = [];

    private TestImage()
    {
    }

    public required string Name { get; init; }

    /// <summary>The manifest, or the index where there is one.</summary>
    public Digest Target { get; private set; }

    public List<Digest> Manifests { get; } = [];

    public List<Digest> Layers { get; } = [];

    public IReadOnlyDictionary<Digest, byte[]> Blobs => _blobs;

    public static TestImage Create(string name, int layers = 2, int layerSize = 1000)
    {
        var image = new TestImage { Name = name };
        image.Enter(image.AddManifest("amd64", layers, layerSize));
        return image;
    }

    public static TestImage CreateIndex(string name)
    {
        var image = new TestImage { Name = name };
        var index = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciIndex,
            ["manifests"] = new JsonArray([.. s_platforms.Select(platform => image.AddManifest(platform, layers: 1, layerSize: 100))]),
        };
        image.Enter(image.Add(index, MediaTypes.OciIndex));
        return image;
    }

    public async Task WriteArchiveAsync(Stream stream)
    {
        await using var tar = new TarWriter(stream, leaveOpen: true);
        var index = new JsonObject { ["schemaVersion"] = 2, ["manifests"] = _entries.DeepClone() };
        await WriteAsync(tar, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray());
        await WriteAsync(tar, "index.json", Encoding.UTF8.GetBytes(index.ToJsonString()));
        foreach (var (digest, bytes) in _blobs)
        {
            await WriteAsync(tar, $"blobs/sha256/{digest.Hex}", bytes);
        }
    }

    private static async Task WriteAsync(TarWriter tar, string name, byte[] bytes)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) };
        await tar.WriteEntryAsync(entry);
    }

    private JsonObject AddManifest(string architecture, int layers, int layerSize)
    {
        var layerEntries = new JsonArray();
        var diffIds = new JsonArray();
        for (var i = 0; i < layers; i++)
        {
            var entry = Add(RandomNumberGenerator.GetBytes(layerSize), "application/vnd.oci.image.layer.v1.tar");
            Digest.TryParse((string)entry["digest"]!, out var layer).ShouldBeTrue();
            Layers.Add(layer);
            diffIds.Add((string)entry["digest"]!);
            layerEntries.Add(entry);
        }

        var config = new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffIds },
        };
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["config"] = Add(config, "application/vnd.oci.image.config.v1+json"),
            ["layers"] = layerEntries,
        };
        var reference = Add(manifest, MediaTypes.OciManifest);
        Digest.TryParse((string)reference["digest"]!, out var digest).ShouldBeTrue();
        Manifests.Add(digest);
        reference["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
        return reference;
    }

    private void Enter(JsonObject reference)
    {
        Digest.TryParse((string)reference["digest"]!, out var target).ShouldBeTrue();
        Target = target;
        var entry = reference.DeepClone().AsObject();
        entry["annotations"] = new JsonObject { ["io.containerd.image.name"] = Name };
        _entries.Add(entry);
    }

    private JsonObject Add(JsonObject json, string mediaType) => Add(Encoding.UTF8.GetBytes(json.ToJsonString()), mediaType);

    private JsonObject Add(byte[] bytes, string mediaType)
    {
        var digest = Digest.Of(SHA256.HashData(bytes));
        _blobs[digest] = bytes;
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = bytes.Length };
    }
}

using System.Text;

namespace Peili.Containerd.Tests;

public sealed class ManifestTests
{
    private const string One = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Two = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    [Theory]
    [InlineData("""{"schemaVersion":2,"manifests":[]}""", MediaTypes.OciIndex)]
    [InlineData("""{"schemaVersion":2,"config":{},"layers":[]}""", MediaTypes.OciManifest)]
    [InlineData(" \r\n\t{\"config\":{},\"layers\":[]}\n", MediaTypes.OciManifest)]
    [InlineData("""{"schemaVersion":1,"fsLayers":[],"history":[]}""", MediaTypes.DockerManifestV1)]
    [InlineData("""{"schemaVersion":1,"fsLayers":[],"signatures":[]}""", MediaTypes.DockerManifestV1Signed)]
    public void Without_a_stated_type_the_form_shows_it(string json, string expected) => Detect(json).ShouldBe(expected);

    [Theory]
    [InlineData("""{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{},"layers":[]}""", MediaTypes.DockerManifest)]
    [InlineData("""{"mediaType":"application/vnd.docker.distribution.manifest.v2\u002bjson","layers":[]}""", MediaTypes.DockerManifest)]
    [InlineData("""{"manifests":[],"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json"}""", MediaTypes.DockerManifestList)]
    [InlineData("""{"mediaType":"application/vnd.oci.image.index.v1+json"}""", MediaTypes.OciIndex)]
    [InlineData("""{"mediaType":"application/vnd.example.thing+json","layers":[]}""", "application/vnd.example.thing+json")]
    public void A_stated_type_is_taken(string json, string expected) => Detect(json).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"manifests\"")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"manifests":[""")]
    [InlineData("""{"manifests":[]} {}""")]
    [InlineData("""{"manifests":[]}x""")]
    [InlineData("""{"manifests":{}}""")]
    [InlineData("""{"config":[],"layers":{}}""")]
    [InlineData("""{"config":{}}""")]
    [InlineData("""{"layers":[]}""")]
    [InlineData("""{"manifests":[],"config":{},"layers":[]}""")]
    [InlineData("""{"architecture":"amd64","os":"linux","config":{"Env":[]},"rootfs":{"type":"layers","diff_ids":[]}}""")]
    [InlineData("""{"mediaType":"application/vnd.oci.image.config.v1+json"}""")]
    [InlineData("""{"mediaType":5,"manifests":[]}""")]
    [InlineData("""{"mediaType":null,"manifests":[]}""")]
    [InlineData("""{"mediaType":"text","manifests":[]}""")]
    [InlineData("""{"mediaType":"a/b\r\nX-Evil: 1","manifests":[]}""")]
    [InlineData("""{"mediaType":"a/b\u000d\u000aX-Evil: 1","manifests":[]}""")]
    [InlineData("""{"mediaType":"\ud800/x","manifests":[]}""")]
    [InlineData("""{"mediaType":"a/ä","manifests":[]}""")]
    public void What_is_no_manifest_has_no_type(string json)
    {
        Detect(json).ShouldBeNull();
        var children = new List<Descriptor>();
        Manifest.TryReadChildren(Encoding.UTF8.GetBytes(json), children).ShouldBeFalse();
        children.ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_have_no_type()
    {
        byte[] json = [.. "{\"mediaType\":\"a/"u8, 0xff, 0xfe, .. "\",\"manifests\":[]}"u8];

        Manifest.DetectMediaType(json).ShouldBeNull();
    }

    [Fact]
    public void Nesting_beyond_reason_has_no_type()
    {
        var json = "{\"manifests\":[]," + string.Concat(Enumerable.Repeat("\"a\":{", 100_000));

        Detect(json).ShouldBeNull();
    }

    [Fact]
    public void The_limit_on_the_length_is_exact()
    {
        var longest = "{\"manifests\":[]}".PadRight(Manifest.MaxLength);

        Detect(longest).ShouldBe(MediaTypes.OciIndex);
        Detect(longest + " ").ShouldBeNull();
    }

    [Fact]
    public void Config_and_layers_of_a_manifest_are_its_children()
    {
        var json = $$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{One}}}","size":7},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{Two}}}","size":9000000000}],
             "subject":{"digest":"sha256:3333333333333333333333333333333333333333333333333333333333333333","size":1}}
            """;

        ReadChildren(json).ShouldBe(
        [
            new Descriptor("application/vnd.oci.image.config.v1+json", Parse(One), 7),
            new Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", Parse(Two), 9_000_000_000),
        ]);
    }

    [Fact]
    public void Manifests_of_an_index_are_its_children()
    {
        var json = $$$"""
            {"manifests":[
              {"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{One}}}","size":1,"platform":{"os":"linux","digest":"{{{Two}}}" } },
              {"mediaType":"{{{MediaTypes.DockerManifest}}}","digest":"{{{Two}}}","size":2,"annotations":{"layers":"x"}}]}
            """;

        ReadChildren(json).ShouldBe(
        [
            new Descriptor(MediaTypes.OciManifest, Parse(One), 1),
            new Descriptor(MediaTypes.DockerManifest, Parse(Two), 2),
        ]);
    }

    [Fact]
    public void References_that_are_of_no_use_are_left_out()
    {
        var json = $$"""
            {"config":null,"manifests":[null,5,"x",[[]],{},{"digest":5},{"digest":"sha512:00"},{"digest":["{{One}}"]},
              {"digest":"{{One}}","size":"big"},{"digest":"{{Two}}","size":1e99,"mediaType":{} } ]}
            """;

        ReadChildren(json).ShouldBe([new Descriptor("", Parse(One), 0), new Descriptor("", Parse(Two), 0)]);
    }

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_survived()
    {
        var json = Encoding.UTF8.GetBytes($$$"""
            {"mediaType":"{{{MediaTypes.OciManifest}}}","config":{"digest":"{{{One}}}","size":1},"layers":[{"digest":"{{{Two}}}","size":-2}]}
            """);
        for (var i = 0; i < json.Length; i++)
        {
            Manifest.TryReadChildren(json.AsSpan(0, i), []).ShouldBeFalse();
            foreach (byte value in (byte[])[0, (byte)'"', (byte)'{', (byte)'}', (byte)'\\', (byte)',', 0xff])
            {
                byte[] changed = [.. json];
                changed[i] = value;
                var children = new List<Descriptor>();
                Manifest.TryReadChildren(changed, children).ShouldBe(Manifest.DetectMediaType(changed) is not null);
                children.Count.ShouldBeLessThanOrEqualTo(2);
            }
        }
    }

    private static string? Detect(string json) => Manifest.DetectMediaType(Encoding.UTF8.GetBytes(json));

    private static Digest Parse(string text) => Digest.TryParse(text, out var digest) ? digest : throw new FormatException(text);

    private static List<Descriptor> ReadChildren(string json)
    {
        var children = new List<Descriptor>();
        Manifest.TryReadChildren(Encoding.UTF8.GetBytes(json), children).ShouldBeTrue();
        return children;
    }
}

using System.Text.Json;

namespace Peili.Crds.Tests;

/// <summary>What the JSON lacks has its default, and everything survives a round trip.</summary>
public sealed class RecordTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"spec":null}""")]
    [InlineData("""{"spec":{}}""")]
    [InlineData("""{"spec":{"agent":{},"ports":{},"containerd":{},"relay":{},"uploads":{},"metrics":{},"updateStrategy":{}}}""")]
    [InlineData("""{"spec":{"registries":null,"tolerations":null,"agent":null,"ports":null,"upstreamFallback":null,"updateStrategy":null}}""")]
    public void What_the_json_lacks_has_its_default(string json)
    {
        var spec = Read(json).Spec;

        spec.UpstreamFallback.ShouldBe(true);
        spec.ResolveTags.ShouldBe(ResolveTags.WhenUpstreamDown);
        spec.ExistingHosts.ShouldBe(ExistingHosts.Keep);
        spec.Registries.ShouldBeEmpty();
        spec.Tolerations.ShouldBe([new Toleration { Operator = "Exists" }]);
        spec.Agent.LogLevel.ShouldBe(AgentLogLevel.Information);
        spec.Ports.ShouldBe(new PortsSpec { Registry = 29950, Peer = 29951, Ops = 29952, Metrics = 29953 });
        spec.Containerd.Remediation.ShouldBe(RemediationMode.Off);
        spec.Relay.ShouldBe(new RelaySpec { Mode = RelayMode.On, Wait = "2s", MinRate = "256Ki" });
        spec.Uploads.ShouldBe(new UploadsSpec { Rate = "", Concurrent = 0 });
        spec.Metrics.Mode.ShouldBe(MetricsMode.Loopback);
        spec.UpdateStrategy.MaxUnavailable.ShouldBe("10%");
        spec.PodSecurity.ShouldBe(PodSecurityMode.Apply);
        spec.StartupTaint.ShouldBe(StartupTaintMode.Remove);
        Write(new RegistryMirror { Spec = spec }).ShouldBe(Write(new RegistryMirror()));
    }

    [Theory]
    [InlineData(
        """{"metadata":{"name":"default"},"spec":{"registries":["docker.io"],"filters":["^x"],"resolveTags":"Never","additionalMirrors":[{"url":"http://10.0.0.10:5000","registries":[],"caSecretRef":{"name":"ca"}}],"upstreamFallback":false,"existingHosts":"Replace","nodeSelector":{"a":"b"},"tolerations":[]}}""")]
    [InlineData("""{"spec":{"agent":{"image":"a:1","resources":{"limits":{"cpu":2,"memory":"256Mi"}},"logLevel":"Debug","env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k","optional":true}}}]}}}""")]
    [InlineData("""{"spec":{"ports":{"registry":1024,"peer":1025,"ops":1026,"metrics":1027},"relay":{"mode":"Off","wait":"1m","minRate":"0"},"updateStrategy":{"maxUnavailable":1}}}""")]
    [InlineData("""{"spec":{"containerd":{"socketPath":"/a/b","remediation":"Restart"},"metrics":{"mode":"Node"},"podSecurity":"Report","startupTaint":"Ignore"},"more":{"kept":1}}""")]
    public void What_is_written_is_read_back(string json)
    {
        var written = JsonDocument.Parse(Write(Read(json))).RootElement;

        foreach (var property in JsonDocument.Parse(json).RootElement.EnumerateObject())
        {
            Contains(written.GetProperty(property.Name), property.Value).ShouldBeTrue($"{written} must have {property}");
        }
    }

    [Fact]
    public void Statuses_are_written_as_the_schema_has_them()
    {
        var node = new NodeMirrorStatus
        {
            Status = new NodeMirrorStatusStatus
            {
                Verdict = Verdict.NeedsConfiguration,
                Agent = new AgentStatus { RegistryAuth = RegistryAuthentication.None, Since = DateTimeOffset.UnixEpoch },
                Bytes = new ByteCounters { FromPeers = 1L << 60 },
            },
        };

        var json = JsonSerializer.Serialize(node, CrdJson.Default.NodeMirrorStatus);

        json.ShouldContain("\"verdict\":\"NeedsConfiguration\"");
        json.ShouldContain("\"registryAuth\":\"none\"");
        json.ShouldContain("\"since\":\"1970-01-01T00:00:00Z\"");
        json.ShouldContain("\"fromPeers\":\"1152921504606846976\"");
        json.ShouldNotContain("null");
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, CrdJson.Default.NodeMirrorStatus)!, CrdJson.Default.NodeMirrorStatus).ShouldBe(json);
    }

    [Fact]
    public void The_server_is_not_sent_what_is_empty()
    {
        var mirror = new RegistryMirror
        {
            Spec = new RegistryMirrorSpec { NodeSelector = new Dictionary<string, string> { ["pool"] = "" } },
            Status = new RegistryMirrorStatus { Flavors = [new FlavorStatus { Name = "k3s", Verdict = Verdict.Compatible }] },
        };

        var json = JsonSerializer.SerializeToElement(mirror, CrdKinds.RegistryMirror.TypeInfo);

        json.GetProperty("status").GetProperty("flavors").GetRawText().ShouldBe("""[{"name":"k3s","nodes":0,"verdict":"Compatible"}]""");
        json.GetProperty("spec").GetProperty("agent").TryGetProperty("image", out _).ShouldBeFalse();
        json.GetProperty("spec").GetProperty("nodeSelector").GetRawText().ShouldBe("""{"pool":""}""");
    }

    private static RegistryMirror Read(string json) => JsonSerializer.Deserialize(json, CrdJson.Default.RegistryMirror)!;

    private static string Write(RegistryMirror mirror) => JsonSerializer.Serialize(mirror, CrdJson.Default.RegistryMirror);

    private static bool Contains(JsonElement whole, JsonElement part) => part.ValueKind == JsonValueKind.Object
        ? part.EnumerateObject().All(property => whole.TryGetProperty(property.Name, out var value) && Contains(value, property.Value))
        : part.ValueKind == JsonValueKind.Array && part.GetArrayLength() > 0
            ? part.GetArrayLength() == whole.GetArrayLength() && part.EnumerateArray().Zip(whole.EnumerateArray()).All(pair => Contains(pair.Second, pair.First))
            : JsonElement.DeepEquals(whole, part);
}

using System.Text.Json;
using Peili.Crds.Tests.Support;
using Peili.Kubernetes.Models;

namespace Peili.Crds.Tests;

/// <summary>The kinds on the server of custom resources of Kubernetes 1.36.</summary>
public sealed class NewServerTests(Servers servers)
{
    public static TheoryData<string> Rules { get; } = [.. RuleCases.All.Select(rule => rule.Message)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("registrymirrors.peili.dev")]
    [InlineData("nodemirrorstatuses.peili.dev")]
    public async Task The_definitions_are_established_and_structural(string name)
    {
        using var client = (await servers.GetNewAsync()).Connect();

        var conditions = (await client.DefinitionAsync(name)).GetProperty("status").GetProperty("conditions").EnumerateArray()
            .ToDictionary(condition => condition.GetProperty("type").GetString()!, condition => condition.GetProperty("status").GetString());

        conditions["Established"].ShouldBe("True");
        conditions["NamesAccepted"].ShouldBe("True");
        conditions.ShouldNotContainKey("NonStructuralSchema");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Every_rule_accepts_and_refuses(string message)
    {
        using var client = (await servers.GetNewAsync()).Connect();
        var rule = RuleCases.All.Single(rule => rule.Message == message);

        foreach (var accepted in rule.Accepted)
        {
            (await client.RefusalOfAsync(RuleCase.Parse(accepted))).ShouldBeNull(accepted);
        }

        foreach (var refused in rule.Refused)
        {
            (await client.RefusalOfAsync(RuleCase.Parse(refused))).ShouldNotBeNull(refused).ShouldContain(message);
        }
    }

    [Theory]
    [MemberData(nameof(BoundCases.Refused), MemberType = typeof(BoundCases))]
    public async Task Every_kind_of_bound_refuses(string spec)
    {
        using var client = (await servers.GetNewAsync()).Connect();

        (await client.RefusalOfAsync(RegistryMirrorJson.WithSpec(spec))).ShouldNotBeNull(spec);
    }

    [Fact]
    public async Task What_is_not_said_has_its_default()
    {
        using var client = (await servers.GetNewAsync()).Connect();

        var created = await client.Client.CreateAsync(CrdKinds.RegistryMirror, new RegistryMirrorJson("{}").ToRecord() with { Spec = null! }, Cancellation);

        JsonSerializer.Serialize(created.Spec, CrdJson.Default.RegistryMirrorSpec).ShouldBe(JsonSerializer.Serialize(new RegistryMirrorSpec(), CrdJson.Default.RegistryMirrorSpec));
    }

    [Fact]
    public async Task The_status_of_a_mirror_takes_all_that_the_operator_writes()
    {
        using var client = (await servers.GetNewAsync()).Connect();
        var mirror = await client.Client.CreateAsync(CrdKinds.RegistryMirror, new RegistryMirrorJson("{}").ToRecord(), Cancellation);

        var written = mirror with { Status = FullStatus.OfMirror };
        var read = await client.Client.ApplyAsync(
            CrdKinds.RegistryMirror, new RegistryMirror { Metadata = new ObjectMeta { Name = mirror.Metadata.Name }, Status = written.Status }, "test", Cancellation, subresource: "status");

        JsonSerializer.Serialize(read.Status, CrdJson.Default.RegistryMirrorStatus).ShouldBe(JsonSerializer.Serialize(written.Status, CrdJson.Default.RegistryMirrorStatus));
        read.Metadata.Generation.ShouldBe(mirror.Metadata.Generation);
    }

    [Fact]
    public async Task The_status_of_a_node_takes_all_that_the_operator_writes()
    {
        using var client = (await servers.GetNewAsync()).Connect();
        var name = new ObjectMeta { Name = $"node-{Guid.NewGuid():N}" };
        await client.Client.CreateAsync(CrdKinds.NodeMirrorStatus, new NodeMirrorStatus { Metadata = name }, Cancellation);

        var written = new NodeMirrorStatus { Metadata = name, Status = FullStatus.OfNode };
        var read = await client.Client.ApplyAsync(CrdKinds.NodeMirrorStatus, written, "test", Cancellation, subresource: "status");

        JsonSerializer.Serialize(read.Status, CrdJson.Default.NodeMirrorStatusStatus).ShouldBe(JsonSerializer.Serialize(written.Status, CrdJson.Default.NodeMirrorStatusStatus));
    }

    [Fact]
    public async Task Two_appliers_share_what_is_a_map()
    {
        using var client = (await servers.GetNewAsync()).Connect();
        var name = $"test-{Guid.NewGuid():N}"[..20];
        await ApplyAsync("one", """{"agent":{"env":[{"name":"A","value":"1"}]}}""");

        var both = await ApplyAsync("two", """{"agent":{"env":[{"name":"B","value":"2"}]}}""");

        both.Spec.Agent.Env.Select(variable => variable.Name).ShouldBe(["A", "B"], ignoreOrder: true);

        Task<RegistryMirror> ApplyAsync(string manager, string spec) =>
            client.ApplyAsync(new RegistryMirrorJson($$$"""{"metadata":{"name":"{{{name}}}"},"spec":{{{spec}}}}"""), manager);
    }
}

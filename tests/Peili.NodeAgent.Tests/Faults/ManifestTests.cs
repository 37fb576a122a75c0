using System.Text;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Faults;

/// <summary>Fault injection: peers on bare sockets that answer wrongly to manifests and tags.</summary>
public sealed class ManifestTests(Nodes nodes)
{
    private const string TagPath = "/v2/team/app/manifests/1?ns=registry.test";

    private readonly TestBlob _manifest = new(Encoding.UTF8.GetBytes(
        """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"""));

    private string DigestPath => $"/v2/team/app/manifests/{_manifest.Digest}?ns=registry.test";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_right_answer_is_passed_on(bool byTag) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        scenario.Add(FakePeer.Holding(_manifest));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(byTag ? TagPath : DigestPath);

        answer.Status.ShouldBe(200);
        answer.Headers["Content-Type"].ShouldBe("application/vnd.oci.image.index.v1+json");
        answer.Headers["Docker-Content-Digest"].ShouldBe($"{_manifest.Digest}");
        answer.Body.ToArray().ShouldBe(_manifest.Bytes);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_wrong_one_is_fetched_again_from_another_holder(bool byTag) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var wrong = scenario.Add(FakePeer.Holding(_manifest, exchange => exchange.SendBlobAsync(_manifest, _manifest.Corrupted())));
        scenario.Add(FakePeer.HoldingOnce(() => wrong.Gets.Count > 0, _manifest));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(byTag ? TagPath : DigestPath);

        answer.Status.ShouldBe(200);
        answer.Body.ToArray().ShouldBe(_manifest.Bytes);
        scenario.Agent.Statistics.WrongDigests.ShouldBe(1);
    });

    [Fact]
    public Task A_tag_answered_without_its_digest_is_a_miss_and_its_sender_avoided() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var peer = scenario.Add(new FakePeer(async exchange =>
        {
            await exchange.SendHeadAsync(200, ("Content-Length", $"{_manifest.Length}"));
            if (exchange.Request.Method == "GET")
            {
                await exchange.SendAsync(_manifest.Bytes);
            }
        }));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(TagPath);
        scenario.Agent.Locator.IsAvoided(peer.Peer).ShouldBeTrue();
    });

    [Fact]
    public Task A_manifest_larger_than_any_is_a_miss() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var huge = TestBlob.Random(TestBlob.Large);
        var peer = scenario.Add(FakePeer.Holding(huge));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync($"/v2/team/app/manifests/{huge.Digest}?ns=registry.test");
        peer.Gets.Count.ShouldBe(1);
        scenario.Agent.Statistics.PeerBytes.ShouldBe(0);
    });

    [Fact]
    public Task A_holder_that_says_a_huge_length_hides_no_other_one() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var liar = scenario.Add(FakePeer.Holding(_manifest, exchange => exchange.SendHeadAsync(200, ("Content-Length", "1000000000"))));
        scenario.Add(FakePeer.HoldingOnce(() => liar.Gets.Count > 0, _manifest));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(DigestPath);

        answer.Status.ShouldBe(200);
        answer.Body.ToArray().ShouldBe(_manifest.Bytes);
    });

    [Fact]
    public Task What_is_no_manifest_is_not_passed_on_as_one() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var layer = TestBlob.Random(TestBlob.Small);
        scenario.Add(FakePeer.Holding(layer));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync($"/v2/team/app/manifests/{layer.Digest}?ns=registry.test");
        (await scenario.FetchAsync(layer)).Status.ShouldBe(200);
    });

    [Fact]
    public Task HEAD_asks_peers_for_no_body() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Large);
        var peer = scenario.Add(FakePeer.Holding(blob));
        await scenario.StartAsync();
        using var client = await RawClient.ConnectAsync(scenario.Agent.Registry);

        await client.SendAsync("HEAD", blob.Path);
        var answer = await client.ReadHeadAsync();

        answer.Status.ShouldBe(200);
        answer.ContentLength.ShouldBe(blob.Length);
        answer.Headers["Docker-Content-Digest"].ShouldBe($"{blob.Digest}");
        peer.Requests.ShouldNotBeEmpty();
        peer.Gets.ShouldBeEmpty();
        scenario.Agent.Statistics.PeerBytes.ShouldBe(0);
    });
}

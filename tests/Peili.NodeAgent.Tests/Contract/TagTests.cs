using System.Diagnostics;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary><c>--resolve-tags</c>, with an upstream registry on a bare socket.</summary>
public sealed class TagTests(Nodes nodes)
{
    [Fact]
    public async Task While_upstream_answers_tags_are_left_to_it_and_digests_are_served()
    {
        await using var upstream = new FakePeer(exchange => exchange.SendEmptyAsync(401));
        await using var agent = await TestAgent.StartAsync(
            await nodes.HoldingAsync(), [], options => options with { ResolveTags = TagResolution.WhenUpstreamDown });
        var tag = $"/v2/team/app/manifests/1?ns={upstream.Address}";
        var start = Stopwatch.GetTimestamp();
        RawResponse answer;
        do
        {
            answer = await RawClient.GetAsync(agent.Registry, tag);
            answer.Status.ShouldBe(404);
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(60));
        }
        while (!IsLeftToUpstream(answer));

        (await RawClient.GetAsync(agent.Registry, $"/v2/team/app/manifests/{nodes.Image.Target}?ns={upstream.Address}")).Status.ShouldBe(200);
        IsLeftToUpstream(await RawClient.GetAsync(agent.Peer, tag)).ShouldBeFalse();
    }

    [Fact]
    public async Task While_upstream_does_not_answer_tags_are_served()
    {
        await using var agent = await TestAgent.StartAsync(
            await nodes.HoldingAsync(), [], options => options with { ResolveTags = TagResolution.WhenUpstreamDown });

        (await RawClient.GetAsync(agent.Registry, "/v2/team/app/manifests/1?ns=registry.test")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Never_leaves_tags_to_upstream_and_still_serves_them_to_peers()
    {
        await using var agent = await TestAgent.StartAsync(
            await nodes.HoldingAsync(), [], options => options with { ResolveTags = TagResolution.Never });

        (await RawClient.GetAsync(agent.Registry, "/v2/team/app/manifests/1?ns=registry.test")).Status.ShouldBe(404);
        (await RawClient.GetAsync(agent.Peer, "/v2/team/app/manifests/1?ns=registry.test")).Status.ShouldBe(200);
    }

    private static bool IsLeftToUpstream(RawResponse answer) =>
        System.Text.Encoding.UTF8.GetString(answer.Body.ToArray()).Contains("--resolve-tags", StringComparison.Ordinal);
}

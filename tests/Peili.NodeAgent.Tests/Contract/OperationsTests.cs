using System.Net;
using System.Text.Json;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary>The listener for probes and people.</summary>
public sealed class OperationsTests(Nodes nodes)
{
    [Theory]
    [InlineData("GET", "/livez", 200)]
    [InlineData("HEAD", "/livez", 200)]
    [InlineData("GET", "/readyz", 200)]
    [InlineData("GET", "/status", 200)]
    [InlineData("GET", "/metrics", 200)]
    [InlineData("GET", "/locate?ref=redis", 200)]
    [InlineData("GET", "/locate?ref=redis@sha256:1", 400)]
    [InlineData("GET", "/locate", 400)]
    [InlineData("GET", "/", 200)]
    [InlineData("HEAD", "/page/agent.js", 200)]
    [InlineData("GET", "/page/none.js", 404)]
    [InlineData("GET", "/images", 200)]
    [InlineData("GET", "/v2/", 404)]
    [InlineData("POST", "/livez", 405)]
    public async Task Probes_status_and_the_page_are_served_and_nothing_else(string method, string path, int status)
    {
        var contract = await nodes.ContractAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://{contract.Holder.Operations}{path}");

        using var answer = await contract.Holder.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task The_registry_and_peer_listeners_serve_no_probes()
    {
        var contract = await nodes.ContractAsync();
        foreach (var way in Enum.GetValues<Way>())
        {
            using var answer = await contract.SendAsync(way, HttpMethod.Get, "/readyz");
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Status_says_what_is_held_and_what_came_from_where()
    {
        await using var holder = await TestAgent.StartAsync(await nodes.HoldingAsync(), []);
        await using var relay = await TestAgent.StartAsync(await nodes.EmptyAsync(), [holder.Peer]);
        var path = $"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test";
        await RawClient.GetAsync(relay.Registry, path);
        await RawClient.GetAsync(holder.Registry, path);
        await RawClient.GetAsync(relay.Registry, "/v2/team/app/manifests/2?ns=registry.test");
        await holder.TransfersEndAsync();
        await relay.TransfersEndAsync();

        var holding = await ReadAsync(holder);
        var relaying = await ReadAsync(relay);

        holding.GetProperty("containerd").GetProperty("connected").GetBoolean().ShouldBeTrue();
        holding.GetProperty("containerd").GetProperty("images").GetInt32().ShouldBe(4);
        relaying.GetProperty("containerd").GetProperty("images").GetInt32().ShouldBe(0);
        relaying.GetProperty("overlay").GetProperty("address").GetString().ShouldBe($"{relay.Peer}");
        relaying.GetProperty("notReady").ValueKind.ShouldBe(JsonValueKind.Null);
        Totals(holding).ShouldBe((TestBlob.Large, 0, TestBlob.Large, 0));
        Totals(relaying).ShouldBe((0, TestBlob.Large, 0, 1));
    }

    private static (long Local, long Peer, long Uploaded, long Misses) Totals(JsonElement status)
    {
        var totals = status.GetProperty("transfers");
        return (totals.GetProperty("localBytes").GetInt64(), totals.GetProperty("peerBytes").GetInt64(),
            totals.GetProperty("uploadedBytes").GetInt64(), totals.GetProperty("misses").GetInt64());
    }

    private static async Task<JsonElement> ReadAsync(TestAgent agent)
    {
        using var document = JsonDocument.Parse((await RawClient.GetAsync(agent.Operations, "/status")).Body.ToArray());
        return document.RootElement.Clone();
    }
}

using System.Net;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary>The overlay's large requests, on the listener for other agents alone.</summary>
public sealed class BulkTests(Nodes nodes)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("BREW")]
    public async Task Only_POST_is_taken(string method)
    {
        var answer = await SendAsync(method);

        answer.Status.ShouldBe(405);
        answer.Headers["Allow"].ShouldBe("POST");
    }

    [Theory]
    [InlineData(411)]
    [InlineData(411, "Content-Length: 0")]
    [InlineData(411, "Transfer-Encoding: chunked")]
    [InlineData(413, "Content-Length: 16777217")]
    [InlineData(413, "Content-Length: 9999999999")]
    [InlineData(400, "Content-Length: -1")]
    public async Task A_body_says_how_long_it_is_and_is_not_too_long(int status, params string[] headers) =>
        (await SendAsync("POST", headers)).Status.ShouldBe(status);

    [Theory]
    [InlineData("junk")]
    [InlineData("{\"json\": \"is not spoken here\"}")]
    public async Task Garbage_is_refused_and_the_connection_goes_on(string garbage)
    {
        var contract = await nodes.ContractAsync();
        using var client = await RawClient.ConnectAsync(contract.Holder.Peer);
        for (var time = 0; time < 3; time++)
        {
            await client.SendAsync("POST", BulkEndpoint.Path, $"Content-Length: {garbage.Length}");
            await client.SendBodyAsync(System.Text.Encoding.ASCII.GetBytes(garbage));
            (await client.ReadHeadAsync()).Status.ShouldBe(400);
        }
    }

    [Fact]
    public async Task A_body_that_ends_half_way_is_not_answered()
    {
        var contract = await nodes.ContractAsync();
        using var client = await RawClient.ConnectAsync(contract.Holder.Peer);
        await client.SendAsync("POST", BulkEndpoint.Path, "Content-Length: 100");
        await client.SendBodyAsync(new byte[50]);
        client.EndSending();

        (await client.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_other_listeners_have_no_such_method()
    {
        var contract = await nodes.ContractAsync();
        foreach (var listener in new[] { contract.Holder.Registry, contract.Holder.Operations })
        {
            using var client = await RawClient.ConnectAsync(listener);
            await client.SendAsync("POST", BulkEndpoint.Path, "Content-Length: 4");
            await client.SendBodyAsync("junk"u8.ToArray());
            var answer = await client.ReadHeadAsync();
            answer.Status.ShouldBe(405);
            answer.Headers["Allow"].ShouldBe("GET, HEAD");
            (await RawClient.GetAsync(listener, BulkEndpoint.Path)).Status.ShouldBe(404);
        }
    }

    [Theory]
    [InlineData("/peili/v1/Other")]
    [InlineData("/peili/v1/")]
    [InlineData("/peili/v1/Bulk/")]
    [InlineData("/peili/v2/Bulk")]
    public async Task Another_method_is_not_there(string path) =>
        (await RawClient.GetAsync((await nodes.ContractAsync()).Holder.Peer, path)).Status.ShouldBe((int)HttpStatusCode.NotFound);

    private async Task<RawResponse> SendAsync(string method, params string[] headers)
    {
        using var client = await RawClient.ConnectAsync((await nodes.ContractAsync()).Holder.Peer);
        await client.SendAsync(method, BulkEndpoint.Path, headers);
        return await client.ReadHeadAsync();
    }
}

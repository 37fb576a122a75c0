using System.Net;
using System.Text.RegularExpressions;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>The agents of the contract's tables: one beside the images, one beside an empty containerd that knows the first as its only seed.</summary>
internal sealed class ContractNodes : IAsyncDisposable
{
    private ContractNodes(TestAgent holder, TestAgent relay)
    {
        Holder = holder;
        Relay = relay;
    }

    public TestAgent Holder { get; }

    public TestAgent Relay { get; }

    public static async Task<ContractNodes> StartAsync(Nodes nodes)
    {
        var holder = await TestAgent.StartAsync(
            await nodes.HoldingAsync(), [], options => options with { Registries = ["registry.test"], Filters = [new Regex("/secret/", RegexOptions.NonBacktracking)] });
        var relay = await TestAgent.StartAsync(
            await nodes.EmptyAsync(), [holder.Peer], options => options with { Registries = ["registry.test"], Filters = [new Regex("/secret/", RegexOptions.NonBacktracking)] });
        return new ContractNodes(holder, relay);
    }

    /// <summary>The listener of a way to the content.</summary>
    public IPEndPoint Of(Way way) => way switch
    {
        Way.Local => Holder.Registry,
        Way.Relayed => Relay.Registry,
        _ => Holder.Peer,
    };

    public async Task<HttpResponseMessage> SendAsync(Way way, HttpMethod method, string pathAndQuery, string? range = null)
    {
        using var request = new HttpRequestMessage(method, $"http://{Of(way)}{pathAndQuery}");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "zstd,gzip,deflate");
        if (range is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", range).ShouldBeTrue();
        }

        return await Holder.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        await Holder.DisposeAsync();
    }
}

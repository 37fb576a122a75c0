using Microsoft.Extensions.DependencyInjection;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Membership;

/// <summary>Bodies that do not come, with a clock that stands still.</summary>
public sealed class BulkReadingTests(Nodes nodes)
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_body_that_does_not_come_is_let_go_after_ten_seconds()
    {
        var request = new StalledRequest(100);
        var handling = (await EndpointAsync()).HandleAsync(request.Http);
        await request.Reading;

        _time.Advance(TimeSpan.FromSeconds(9));
        handling.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        await handling;

        request.IsAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_body_that_ends_early_is_let_go()
    {
        var request = new StalledRequest(100);
        var handling = (await EndpointAsync()).HandleAsync(request.Http);
        request.End();
        await handling;

        request.IsAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_goes_away_is_let_go()
    {
        using var gone = new CancellationTokenSource();
        var request = new StalledRequest(100) { RequestAborted = gone.Token };
        var handling = (await EndpointAsync()).HandleAsync(request.Http);
        await request.Reading;
        await gone.CancelAsync();
        await handling;

        request.IsAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task More_than_two_full_bodies_at_once_are_refused_until_there_is_room()
    {
        var endpoint = await EndpointAsync();
        StalledRequest[] full = [new(BulkEndpoint.MaxLength), new(BulkEndpoint.MaxLength)];
        var handling = full.Select(request => endpoint.HandleAsync(request.Http)).ToArray();
        await Task.WhenAll(full.Select(request => request.Reading));

        var refused = new StalledRequest(1);
        await endpoint.HandleAsync(refused.Http);
        refused.Http.Response.StatusCode.ShouldBe(503);
        refused.IsAborted.ShouldBeFalse();

        full[0].End();
        await handling[0];
        var next = new StalledRequest(1);
        var reading = endpoint.HandleAsync(next.Http);
        await next.Reading;
        next.End();
        full[1].End();
        await Task.WhenAll(reading, handling[1]);
    }

    private async Task<BulkEndpoint> EndpointAsync() =>
        new((await nodes.ContractAsync()).Holder.Services.GetRequiredService<ClusterOverlay>(), _time);
}

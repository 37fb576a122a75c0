using Peili.Grpc.Tests.Support;

namespace Peili.Grpc.Tests;

public sealed class CancellationTests
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_token_that_has_fired_already_sends_nothing()
    {
        var calls = 0;
        await using var server = await TestServer.StartAsync(_ =>
        {
            calls++;
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        var token = new CancellationToken(canceled: true);

        var cancelled = await Should.ThrowAsync<OperationCanceledException>(
            () => channel.SayAsync("x", new CallOptions(CancellationToken: token)));

        cancelled.CancellationToken.ShouldBe(token);
        calls.ShouldBe(0);
    }

    [Fact]
    public async Task The_callers_token_ends_a_call_here_and_at_the_server()
    {
        var reached = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            reached.SetResult();
            await context.HangAsync();
            aborted.SetResult();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var cancellation = new CancellationTokenSource();
        var call = channel.SayAsync("x", new CallOptions(CancellationToken: cancellation.Token));
        await reached.Task.WaitAsync(s_bound, Echo.Cancellation);

        await cancellation.CancelAsync();

        var cancelled = await Should.ThrowAsync<OperationCanceledException>(() => call);
        cancelled.CancellationToken.ShouldBe(cancellation.Token);
        await aborted.Task.WaitAsync(s_bound, Echo.Cancellation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_token_of_a_stream_ends_the_reading(bool tokenOfTheCall)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.SendAsync("one");
            await context.HangAsync();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var cancellation = new CancellationTokenSource();
        using var call = channel.Stream(new CallOptions(CancellationToken: tokenOfTheCall ? cancellation.Token : default));
        await using var messages = call.ReadAllAsync(tokenOfTheCall ? default : cancellation.Token)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        var next = messages.MoveNextAsync().AsTask();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(s_bound, Echo.Cancellation));
    }

    [Fact]
    public async Task A_stream_that_is_disposed_while_it_is_read_ends_with_Cancelled_and_at_the_server()
    {
        var aborted = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.SendAsync("one");
            await context.HangAsync();
            aborted.SetResult();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        var call = channel.Stream();
        await using var messages = call.ReadAllAsync(Echo.Cancellation).GetAsyncEnumerator(Echo.Cancellation);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        var next = messages.MoveNextAsync().AsTask();

        call.Dispose();

        (await Should.ThrowAsync<RpcException>(() => next.WaitAsync(s_bound, Echo.Cancellation))).StatusCode.ShouldBe(StatusCode.Cancelled);
        await aborted.Task.WaitAsync(s_bound, Echo.Cancellation);
    }

    [Fact]
    public async Task A_stream_that_is_disposed_unread_ends_at_the_server()
    {
        var aborted = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.BeginAsync();
            await context.HangAsync();
            aborted.SetResult();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        var call = channel.Stream();
        await call.ResponseHeadersAsync.WaitAsync(s_bound, Echo.Cancellation);

        call.Dispose();

        await aborted.Task.WaitAsync(s_bound, Echo.Cancellation);
    }

    [Fact]
    public async Task Disposing_the_channel_ends_its_calls_with_Cancelled()
    {
        var reached = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            reached.SetResult();
            await context.HangAsync();
        });
        var channel = GrpcChannel.ForAddress(server.Address);
        var call = channel.FailAsync();
        await reached.Task.WaitAsync(s_bound, Echo.Cancellation);

        channel.Dispose();

        (await call.WaitAsync(s_bound, Echo.Cancellation)).StatusCode.ShouldBe(StatusCode.Cancelled);
    }
}

using System.Diagnostics;
using Peili.Grpc.Tests.Support;

namespace Peili.Grpc.Tests;

public sealed class DeadlineTests
{
    private static readonly CallOptions s_short = new(Timeout: TimeSpan.FromMilliseconds(300));

    [Fact]
    public async Task A_call_past_its_deadline_ends_with_DeadlineExceeded()
    {
        await using var server = await TestServer.StartAsync(AnswerExtensions.HangAsync);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var start = Stopwatch.GetTimestamp();

        (await channel.FailAsync(s_short)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);

        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up_at_the_deadline()
    {
        await using var server = new RawServer(_ => Task.Delay(Timeout.InfiniteTimeSpan));
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync(s_short)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task A_message_that_does_not_end_is_given_up_at_the_deadline()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.SendRawAsync(0, 0, 0, 0, 9, 1);
            await context.HangAsync();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync(s_short)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task A_stream_is_given_up_at_the_deadline_also_between_messages()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.SendAsync("one");
            await context.HangAsync();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        var texts = new List<string>();

        // On a busy machine a short time may be over before the first message.
        for (var seconds = 1; seconds <= 32 && texts.Count == 0; seconds *= 2)
        {
            using var call = channel.Stream(new CallOptions(Timeout: TimeSpan.FromSeconds(seconds)));
            (await call.FailAsync(texts)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        }

        texts.ShouldBe(["one"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Without_any_time_a_call_is_not_sent(int seconds)
    {
        var calls = 0;
        await using var server = await TestServer.StartAsync(_ =>
        {
            calls++;
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        var failed = await channel.FailAsync(new CallOptions(Timeout: TimeSpan.FromSeconds(seconds)));

        failed.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        calls.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_is_given_up_ends_at_the_server_too()
    {
        var reached = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            reached.TrySetResult();
            await context.BeginAsync();
            await context.HangAsync();
            aborted.TrySetResult();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        // On a busy machine a short time may be over before the server has seen the call.
        for (var seconds = 1; seconds <= 32 && !reached.Task.IsCompleted; seconds *= 2)
        {
            var failed = await channel.FailAsync(new CallOptions(Timeout: TimeSpan.FromSeconds(seconds)));
            failed.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        }

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(60), Echo.Cancellation);
    }
}

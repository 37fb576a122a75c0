using Microsoft.AspNetCore.Http;
using Peili.Grpc.Tests.Support;

namespace Peili.Grpc.Tests;

public sealed class FramingTests
{
    [Fact]
    public Task An_end_without_a_status_is_Unknown() => FailsAsync(StatusCode.Unknown, AnswerExtensions.Frame(new Google.Protobuf.WellKnownTypes.Empty()));

    [Fact]
    public Task An_end_within_the_length_of_a_message_is_Internal() => FailsAsync(StatusCode.Internal, [0, 0, 0]);

    [Fact]
    public Task An_end_within_a_message_is_Internal() => FailsAsync(StatusCode.Internal, [0, 0, 0, 0, 4, 10, 2, (byte)'x']);

    [Fact]
    public Task An_end_with_OK_within_a_message_is_Internal() => FailsAsync(StatusCode.Internal, [0, 0, 0, 0, 4, 10], "0");

    [Fact]
    public Task An_end_with_an_error_within_a_message_is_that_error() => FailsAsync(StatusCode.DataLoss, [0, 0, 0, 0, 4, 10], "15");

    [Fact]
    public Task A_compressed_message_is_Internal() => FailsAsync(StatusCode.Internal, [1, 0, 0, 0, 0], "0");

    [Fact]
    public Task A_message_that_is_not_protobuf_is_Internal() => FailsAsync(StatusCode.Internal, [0, 0, 0, 0, 2, 10, 200], "0");

    [Fact]
    public Task OK_without_a_message_is_Internal() => FailsAsync(StatusCode.Internal, [], "0");

    [Fact]
    public Task A_second_message_is_Internal() => FailsAsync(StatusCode.Internal, new byte[10], "0");

    [Fact]
    public Task Bytes_after_the_message_are_Internal() => FailsAsync(StatusCode.Internal, new byte[7], "0");

    [Theory]
    [InlineData(new byte[] { 0, 0, 1, 0, 1 })]
    [InlineData(new byte[] { 0, 0x7f, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0, 0xff, 0xff, 0xff, 0xff })]
    public async Task A_message_that_announces_itself_as_too_large_is_not_waited_for(byte[] header)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.SendRawAsync(header);
            await context.HangAsync();
        });
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxReceiveMessageSize = 65536 });

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task A_message_of_just_the_largest_size_is_accepted()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.SendRawAsync([0, 0, 0, 0, 10, 10, 8, .. "exactly8"u8]);
            context.End();
        });
        using var exact = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxReceiveMessageSize = 10 });
        using var less = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxReceiveMessageSize = 9 });

        (await exact.SayAsync("x")).ShouldBe("exactly8");
        (await less.FailAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_field_of_headers_or_trailers_beyond_the_limit_is_Internal(bool asTrailers)
    {
        var large = new string('x', 30_000);
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.Headers["large"] = asTrailers ? "no" : large;
            await context.SendAsync("x");
            context.Response.AppendTrailer("large", asTrailers ? large : "no");
            context.End();
        });
        using var narrow = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxResponseHeadersKilobytes = 16 });
        using var wide = GrpcChannel.ForAddress(server.Address);

        (await narrow.FailAsync()).StatusCode.ShouldBe(StatusCode.Internal);
        await wide.SayAsync("x");
    }

    private static async Task FailsAsync(StatusCode expected, byte[] body, string? status = null)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.BeginAsync();
            await context.SendRawAsync(body);
            if (status is not null)
            {
                context.End(status);
            }
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(expected);
    }
}

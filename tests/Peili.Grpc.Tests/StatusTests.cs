using Microsoft.AspNetCore.Http;
using Peili.Grpc.Tests.Support;

namespace Peili.Grpc.Tests;

public sealed class StatusTests
{
    [Theory]
    [InlineData("1", StatusCode.Cancelled)]
    [InlineData("2", StatusCode.Unknown)]
    [InlineData("3", StatusCode.InvalidArgument)]
    [InlineData("4", StatusCode.DeadlineExceeded)]
    [InlineData("5", StatusCode.NotFound)]
    [InlineData("6", StatusCode.AlreadyExists)]
    [InlineData("7", StatusCode.PermissionDenied)]
    [InlineData("8", StatusCode.ResourceExhausted)]
    [InlineData("9", StatusCode.FailedPrecondition)]
    [InlineData("10", StatusCode.Aborted)]
    [InlineData("11", StatusCode.OutOfRange)]
    [InlineData("12", StatusCode.Unimplemented)]
    [InlineData("13", StatusCode.Internal)]
    [InlineData("14", StatusCode.Unavailable)]
    [InlineData("15", StatusCode.DataLoss)]
    [InlineData("16", StatusCode.Unauthenticated)]
    [InlineData("17", StatusCode.Unknown)]
    [InlineData("99999999999", StatusCode.Unknown)]
    [InlineData("-1", StatusCode.Unknown)]
    [InlineData("ok", StatusCode.Unknown)]
    public async Task The_status_in_the_trailers_ends_the_call(string sent, StatusCode expected)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.BeginAsync();
            context.End(sent, "why");
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        var failed = await channel.FailAsync();

        failed.StatusCode.ShouldBe(expected);
        failed.Status.Detail.ShouldEndWith("why");
        failed.Message.ShouldContain("why");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("h%C3%A4llo%0A100%25", "hällo\n100%")]
    [InlineData("100% of %zz is %4", "100% of %zz is %4")]
    [InlineData("%41%", "A%")]
    [InlineData("%ff", "\ufffd")]
    public async Task The_message_is_decoded_as_far_as_it_is_encoded(string sent, string expected)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.BeginAsync();
            context.End("5", sent);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).Status.ShouldBe(new Status(StatusCode.NotFound, expected));
    }

    [Fact]
    public async Task The_trailers_come_with_the_exception()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.BeginAsync();
            context.Response.AppendTrailer("retry", "later");
            context.Response.AppendTrailer("grpc-status-details-bin", "AQI");
            context.Response.AppendTrailer("detail-bin", "AQI");
            context.End("5");
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        var failed = await channel.FailAsync();

        failed.Trailers.GetValue("retry").ShouldBe("later");
        failed.Trailers.GetValueBytes("detail-bin").ShouldBe([1, 2]);
        failed.Trailers.GetValueBytes("grpc-status-details-bin").ShouldBe([1, 2]);
        failed.Trailers.GetValue("grpc-status").ShouldBeNull();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    public async Task A_status_among_the_headers_is_the_whole_answer_whatever_HTTP_says(int httpStatus)
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = httpStatus;
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "12";
            context.Response.Headers["grpc-message"] = "unknown%20service";
            context.Response.Headers["hint"] = "h";
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = channel.Stream();

        var failed = await channel.FailAsync();

        failed.Status.ShouldBe(new Status(StatusCode.Unimplemented, "unknown service"));
        failed.Trailers.GetValue("hint").ShouldBe("h");
        (await call.FailAsync()).StatusCode.ShouldBe(StatusCode.Unimplemented);
        (await Should.ThrowAsync<RpcException>(() => call.ResponseHeadersAsync)).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(204, StatusCode.Unknown)]
    [InlineData(301, StatusCode.Unknown)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task Without_a_status_that_of_HTTP_decides(int httpStatus, StatusCode expected)
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = httpStatus;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        var failed = await channel.FailAsync();

        failed.StatusCode.ShouldBe(expected);
        failed.Status.Detail.ShouldContain($"{httpStatus}");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/grpcish")]
    [InlineData("application/grpc-web+proto")]
    [InlineData("none of the kind")]
    [InlineData(null)]
    public async Task An_answer_of_another_content_type_is_not_gRPC(string? contentType)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync("<html>"u8.ToArray());
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unknown);
    }

    [Fact]
    public async Task A_content_type_with_the_encoding_of_messages_is_gRPC()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc+proto";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.End();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.SayAsync("x")).ShouldBe("");
    }

    [Fact]
    public async Task A_stream_that_fails_in_the_middle_delivers_what_came_before()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.SendAsync("one");
            await context.SendAsync("two");
            context.End("15", "disk");
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = channel.Stream();
        var texts = new List<string>();

        (await call.FailAsync(texts)).Status.ShouldBe(new Status(StatusCode.DataLoss, "disk"));

        texts.ShouldBe(["one", "two"]);
    }
}

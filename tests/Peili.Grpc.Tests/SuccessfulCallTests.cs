using System.Net;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Peili.Grpc.Tests.Support;

namespace Peili.Grpc.Tests;

public sealed class SuccessfulCallTests
{
    [Fact]
    public async Task A_call_over_a_unix_socket_returns_the_message()
    {
        await using var server = await TestServer.StartAsync(EchoAsync);
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.SayAsync("hällo")).ShouldBe("hällo");
    }

    [Fact]
    public async Task A_call_over_TCP_returns_the_message()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var application = builder.Build();
        application.Run(EchoAsync);
        await application.StartAsync(Echo.Cancellation);
        using var channel = GrpcChannel.ForAddress(application.Urls.Single());

        (await channel.SayAsync("hello")).ShouldBe("hello");
    }

    [Fact]
    public async Task The_request_is_as_the_protocol_has_it()
    {
        var seen = new Dictionary<string, string>();
        var body = new MemoryStream();
        await using var server = await TestServer.StartAsync(async context =>
        {
            foreach (var (name, values) in context.Request.Headers)
            {
                seen.Add(name.ToLowerInvariant(), values.ToString());
            }

            seen.Add("request", $"{context.Request.Method} {context.Request.Scheme} {context.Request.Path}");
            await context.Request.Body.CopyToAsync(body);
            await context.SendAsync("");
            context.End();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        var headers = new Metadata();
        headers.Add("Containerd-Namespace", "k8s.io");
        headers.Add("token-bin", [0xfb, 0xff]);

        await channel.SayAsync("x", new CallOptions(headers, TimeSpan.FromSeconds(60)));

        seen["request"].ShouldBe("POST http /peili.test.Echo/Say");
        seen["content-type"].ShouldBe("application/grpc");
        seen["te"].ShouldBe("trailers");
        seen["grpc-accept-encoding"].ShouldBe("identity");
        seen["grpc-timeout"].ShouldBe("60000000u");
        seen["containerd-namespace"].ShouldBe("k8s.io");
        seen["token-bin"].ShouldBe("+/8");
        seen.ShouldNotContainKey("grpc-encoding");
        body.ToArray().ShouldBe(AnswerExtensions.Frame(new StringValue { Value = "x" }));
    }

    [Theory]
    [InlineData(1L, "1u")]
    [InlineData(10L, "1u")]
    [InlineData(11L, "2u")]
    [InlineData(TimeSpan.TicksPerSecond * 99, "99000000u")]
    [InlineData(TimeSpan.TicksPerSecond * 100, "100000m")]
    [InlineData((TimeSpan.TicksPerSecond * 100) + 1, "100001m")]
    [InlineData(TimeSpan.TicksPerDay * 2, "172800S")]
    public async Task The_timeout_is_sent_in_the_finest_unit_that_fits_and_rounded_up(long ticks, string expected)
    {
        var seen = "";
        await using var server = await TestServer.StartAsync(context =>
        {
            seen = context.Request.Headers["grpc-timeout"].ToString();
            return EchoAsync(context);
        });

        // The clock stands still: the shortest of these times would be over before the call is sent.
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { TimeProvider = new StandingClock() });

        await channel.SayAsync("x", new CallOptions(Timeout: TimeSpan.FromTicks(ticks)));

        seen.ShouldBe(expected);
    }

    [Fact]
    public async Task A_stream_returns_every_message_however_the_bytes_are_cut()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            byte[] bytes = [.. Frame("one"), .. Frame(""), .. Frame("two"), .. Frame(new string('x', 300)), .. Frame("three")];
            foreach (var single in bytes.AsMemory(0, 30).ToArray())
            {
                await context.SendRawAsync(single);
            }

            await context.SendRawAsync(bytes[30..]);
            context.End();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = channel.Stream();

        (await call.ReadAsync()).ShouldBe(["one", "", "two", new string('x', 300), "three"]);
    }

    [Fact]
    public async Task A_stream_without_messages_is_empty()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.BeginAsync();
            context.End();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = channel.Stream();

        (await call.ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_OK_among_the_headers_is_an_empty_stream()
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = channel.Stream();

        (await call.ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_headers_of_a_stream_are_there_before_its_first_message()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.Headers["greeting"] = "hello";
            context.Response.Headers["padded-bin"] = "AQI=";
            context.Response.Headers["bare-bin"] = "AQI";
            context.Response.Headers["two-bin"] = "AQ, Ag==";
            context.Response.Headers["wrong-bin"] = "?";
            await context.BeginAsync();
            await context.HangAsync();
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = channel.Stream();

        var headers = await call.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(60), Echo.Cancellation);

        headers.GetValue("Greeting").ShouldBe("hello");
        headers.GetValueBytes("padded-bin").ShouldBe([1, 2]);
        headers.GetValueBytes("bare-bin").ShouldBe([1, 2]);
        headers.Entries.Where(entry => entry.Key == "two-bin").Select(entry => entry.ValueBytes![0]).ShouldBe([1, 2]);
        headers.GetValueBytes("wrong-bin").ShouldBeNull();
    }

    [Fact]
    public async Task A_message_of_many_windows_arrives_whole()
    {
        await using var server = await TestServer.StartAsync(EchoAsync);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var text = new string('x', 8 << 20);

        (await channel.SayAsync(text)).ShouldBe(text);
    }

    [Fact]
    public async Task Calls_at_once_share_one_connection()
    {
        var connections = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        await using var server = await TestServer.StartAsync(context =>
        {
            connections.TryAdd(context.Connection.Id, true);
            return EchoAsync(context);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => channel.SayAsync($"{i}")));

        answers.ShouldBe(Enumerable.Range(0, 300).Select(i => $"{i}"));
        connections.ShouldHaveSingleItem();
    }

    private static byte[] Frame(string text) => AnswerExtensions.Frame(new StringValue { Value = text });

    private static async Task EchoAsync(HttpContext context)
    {
        var frame = new MemoryStream();
        await context.Request.Body.CopyToAsync(frame);
        await context.SendRawAsync(frame.ToArray());
        context.End();
    }
}

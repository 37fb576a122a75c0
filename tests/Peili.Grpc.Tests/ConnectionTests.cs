using System.Net;
using System.Net.Sockets;
using Peili.Grpc.Tests.Support;

namespace Peili.Grpc.Tests;

public sealed class ConnectionTests
{
    // RFC 9113, section 7, with what PROTOCOL-HTTP2.md makes of each.
    [Theory]
    [InlineData(0x0, StatusCode.Internal)]
    [InlineData(0x1, StatusCode.Internal)]
    [InlineData(0x2, StatusCode.Internal)]
    [InlineData(0x3, StatusCode.Internal)]
    [InlineData(0x4, StatusCode.Internal)]
    [InlineData(0x6, StatusCode.Internal)]
    [InlineData(0x7, StatusCode.Unavailable)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0x9, StatusCode.Internal)]
    [InlineData(0xa, StatusCode.Internal)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    [InlineData(0xd, StatusCode.Internal)]
    public async Task A_stream_that_is_reset_ends_with_what_the_code_says(int errorCode, StatusCode expected)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.SendAsync("one");
            context.Reset(errorCode);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = channel.Stream();

        (await call.FailAsync()).StatusCode.ShouldBe(expected);
        (await channel.FailAsync()).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_reset_before_the_headers_ends_the_call_too()
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Reset(0xb);
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_is_Unavailable()
    {
        await using var server = new RawServer(async client =>
        {
            await RawServer.ReadRequestAsync(client);
            await RawServer.SendAsync(client, RawServer.Headers, RawServer.EndHeaders, 1, RawServer.OkHeaders);
            await RawServer.SendAsync(client, RawServer.Data, 0, 1, 0, 0, 0, 0, 9, 1);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_headers_is_Unavailable()
    {
        await using var server = new RawServer(RawServer.ReadRequestAsync);
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_connection_that_closes_at_once_is_Unavailable()
    {
        await using var server = new RawServer(_ => Task.CompletedTask);
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_server_that_goes_away_with_an_error_ends_its_calls_with_what_the_code_says()
    {
        await using var server = new RawServer(async client =>
        {
            await RawServer.ReadRequestAsync(client);

            // The last stream it answers is 1; its reason is ENHANCE_YOUR_CALM.
            await RawServer.SendAsync(client, RawServer.GoAway, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0xb);
            client.Socket.Shutdown(SocketShutdown.Send);
            await RawServer.LingerAsync(client);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")]
    public async Task A_server_that_does_not_speak_HTTP2_fails_the_call(string greeting)
    {
        await using var server = new RawServer(async client =>
        {
            await client.WriteAsync(System.Text.Encoding.ASCII.GetBytes(greeting));
            await RawServer.LingerAsync(client);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBeOneOf(StatusCode.Internal, StatusCode.Unavailable);
    }

    [Fact]
    public async Task Headers_that_cannot_be_decoded_are_Internal()
    {
        await using var server = new RawServer(async client =>
        {
            await RawServer.ReadRequestAsync(client);
            await RawServer.SendAsync(client, RawServer.Headers, RawServer.EndHeaders, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
            await RawServer.LingerAsync(client);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Fact]
    public async Task Data_before_the_headers_is_Internal()
    {
        await using var server = new RawServer(async client =>
        {
            await RawServer.ReadRequestAsync(client);
            await RawServer.SendAsync(client, RawServer.Data, RawServer.EndStream, 1, 0, 0, 0, 0, 0);
            await RawServer.LingerAsync(client);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Fact]
    public async Task Headers_without_an_end_are_ResourceExhausted()
    {
        await using var server = new RawServer(async client =>
        {
            await RawServer.ReadRequestAsync(client);
            await RawServer.SendAsync(client, RawServer.Headers, 0, 1, RawServer.OkHeaders);
            while (true)
            {
                await RawServer.SendAsync(client, RawServer.Continuation, 0, 1, RawServer.Header("again", new string('x', 100)));
            }
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task A_socket_that_does_not_exist_is_Unavailable()
    {
        using var channel = GrpcChannel.ForAddress("unix:///nonexistent/x.sock");

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_Unavailable()
    {
        using var channel = GrpcChannel.ForAddress("unix:///etc/passwd");

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_Unavailable()
    {
        // Bound all the while, so that no other test gets the port.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var channel = GrpcChannel.ForAddress($"http://{silent.LocalEndPoint}");

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_Unavailable()
    {
        using var channel = GrpcChannel.ForAddress("http://nonexistent.invalid:1");

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_connection_that_does_not_come_up_in_time_is_Unavailable()
    {
        // With its queue full, the kernel leaves further connections without an answer.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(listener.LocalEndPoint!, Echo.Cancellation);
        var options = new GrpcChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        using var channel = GrpcChannel.ForAddress($"http://{listener.LocalEndPoint}", options);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_server_that_comes_back_is_reached_by_the_same_channel()
    {
        var calls = 0;
        await using var server = new RawServer(async client =>
        {
            await RawServer.ReadRequestAsync(client);
            if (Interlocked.Increment(ref calls) == 1)
            {
                return;
            }

            await RawServer.SendAsync(client, RawServer.Headers, RawServer.EndHeaders, 1, RawServer.OkHeaders);
            await RawServer.SendAsync(client, RawServer.Data, 0, 1, 0, 0, 0, 0, 0);
            byte end = RawServer.EndHeaders | RawServer.EndStream;
            await RawServer.SendAsync(client, RawServer.Headers, end, 1, RawServer.Header("grpc-status", "0"));
            await RawServer.LingerAsync(client);
        });
        using var channel = GrpcChannel.ForAddress(server.Address);

        (await channel.FailAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await channel.SayAsync("x")).ShouldBe("");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/run/x.sock")]
    [InlineData("unix:")]
    [InlineData("unix://")]
    [InlineData("unix://relative.sock")]
    [InlineData("unix:///with\0zero")]
    [InlineData("https://host:1")]
    [InlineData("http://host:1/path")]
    [InlineData("http://host:port")]
    [InlineData("ftp://host")]
    public void A_wrong_address_is_refused_by_name(string address)
    {
        var refused = Should.Throw<ArgumentException>(() => GrpcChannel.ForAddress(address));

        refused.Message.ShouldContain(address);
    }

    [Fact]
    public void A_socket_path_that_is_too_long_is_refused_by_name()
    {
        var address = "unix:///" + new string('x', 200);

        Should.Throw<ArgumentException>(() => GrpcChannel.ForAddress(address)).Message.ShouldContain(address);
    }
}

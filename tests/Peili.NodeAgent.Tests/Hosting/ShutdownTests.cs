using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Hosting;

/// <summary>The real program from <c>ready</c> to its end.</summary>
public sealed class ShutdownTests(Nodes nodes)
{
    [Fact]
    public async Task An_idle_agent_says_ready_once_and_ends_at_once_with_exit_status_0()
    {
        var address = FreePort.Find();
        await using var agent = await StartAsync(address);
        using (var client = await RawClient.ConnectAsync(address))
        {
            // A connection that is kept alive and asks for nothing holds nobody up.
            await client.SendAsync("GET", "/v2/");
            (await client.ReadHeadAsync()).Status.ShouldBe(200);
            agent.Signal(NativeMethods.SigTerm);
            (await agent.WaitAsync()).ShouldBe(0);
        }

        (await agent.Output.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task On_SIGTERM_a_running_transfer_finishes_and_nobody_new_is_let_in()
    {
        var address = FreePort.Find();
        await using var agent = await StartAsync(address);
        using var client = await RawClient.ConnectAsync(address, receiveBuffer: 4096);
        await client.SendAsync("GET", $"/v2/team/app/blobs/{nodes.Layer}");
        var answer = await client.ReadHeadAsync();
        await client.ReadBodyAsync(answer, atMost: 1000);

        agent.Signal(NativeMethods.SigTerm);

        await Eventually.IsTrueAsync(() => IsRefused(address), "new connections are refused");
        agent.HasExited.ShouldBeFalse();
        await client.ReadBodyAsync(answer);
        answer.Body.ToArray().AsSpan().SequenceEqual(nodes.Image.Blobs[nodes.Layer]).ShouldBeTrue();
        (await agent.WaitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_it_without_waiting_for_transfers()
    {
        var address = FreePort.Find();
        await using var agent = await StartAsync(address);
        using var client = await RawClient.ConnectAsync(address, receiveBuffer: 4096);
        await client.SendAsync("GET", $"/v2/team/app/blobs/{nodes.Layer}");
        await client.ReadHeadAsync();
        agent.Signal(NativeMethods.SigTerm);
        await Eventually.IsTrueAsync(() => IsRefused(address), "new connections are refused");
        agent.HasExited.ShouldBeFalse();

        agent.Signal(NativeMethods.SigTerm);

        (await agent.WaitAsync()).ShouldBe(128 + NativeMethods.SigTerm);
    }

    [Fact]
    public async Task A_transfer_that_does_not_end_is_cut_off_at_the_bound_of_60_seconds()
    {
        await using var agent = await TestAgent.StartAsync(await nodes.HoldingAsync(), []);
        using var client = await RawClient.ConnectAsync(agent.Registry, receiveBuffer: 4096);
        await client.SendAsync("GET", $"/v2/team/app/blobs/{nodes.Layer}");
        await client.ReadHeadAsync();
        var host = agent.Services.GetRequiredService<IOptions<HostOptions>>().Value;
        host.ShutdownTimeout.ShouldBe(TimeSpan.FromSeconds(60));

        // The same path with a bound that a test can wait for.
        host.ShutdownTimeout = TimeSpan.FromSeconds(1);
        var start = Stopwatch.GetTimestamp();
        await agent.StopAsync().WaitAsync(TimeSpan.FromSeconds(50), TestContext.Current.CancellationToken);

        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        await agent.TransfersEndAsync();
    }

    [Fact]
    public async Task Systemd_is_told_that_it_is_ready_and_that_it_lives()
    {
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var name = $"peili-{Guid.NewGuid():N}";
        systemd.Bind(new UnixDomainSocketEndPoint("\0" + name));
        await using var agent = await StartAsync(
            FreePort.Find(), [KeyValuePair.Create("NOTIFY_SOCKET", "@" + name), KeyValuePair.Create("WATCHDOG_USEC", "1500000")]);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var messages = new List<string>();
        var buffer = new byte[100];
        while (!messages.Contains("READY=1") || messages.Count(message => message == "WATCHDOG=1") < 2)
        {
            messages.Add(System.Text.Encoding.UTF8.GetString(buffer, 0, await systemd.ReceiveAsync(buffer, bound.Token)));
        }

        messages.Distinct().Order().ShouldBe(["READY=1", "WATCHDOG=1"]);
        messages.Count(message => message == "READY=1").ShouldBe(1);
        agent.Signal(NativeMethods.SigTerm);
        (await agent.WaitAsync()).ShouldBe(0);
    }

    private static bool IsRefused(IPEndPoint address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private async Task<AgentExecutable> StartAsync(IPEndPoint registry, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var containerd = await nodes.HoldingAsync();
        var agent = AgentExecutable.Start(
            [
                "serve", "--insecure", "--containerd-socket", containerd.Socket, "--registry-address", $"{registry}", "--peer-address", "127.0.0.1:0",
                "--ops-address", $"{FreePort.Find()}",
            ],
            environment);
        try
        {
            using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            (await agent.Output.ReadLineAsync(bound.Token)).ShouldBe("ready");
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }
}

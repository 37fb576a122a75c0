using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Transfers;
using Peili.Prometheus.Tests.Support;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>An agent in this process, as <c>serve</c> builds it but for the peers it is given, on ports of its own, past containerd's first list.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private static readonly TimeSpan s_startBound = TimeSpan.FromSeconds(60);

    private readonly WebApplication _agent;
    private readonly DirectoryInfo _state;

    /// <summary>The program's one line, ready, would stand between those of the test runner, which has its writer already.</summary>
    static TestAgent() => Console.SetOut(TextWriter.Null);

    private TestAgent(WebApplication agent, DirectoryInfo state)
    {
        _agent = agent;
        _state = state;
        _agent.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
    }

    public CapturedLog Log { get; } = new();

    public IPEndPoint Registry => EndPoint(0);

    public IPEndPoint Peer => EndPoint(1);

    public IPEndPoint Operations => EndPoint(2);

    /// <summary>Of an agent that was given one.</summary>
    public IPEndPoint Metrics => EndPoint(3);

    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseProxy = false,
    });

    public string StatePath => _state.FullName;

    public IServiceProvider Services => _agent.Services;

    public TransferStatistics Statistics => _agent.Services.GetRequiredService<TransferStatistics>();

    /// <summary>What the agent finds its peers by, in the overlay's place; not for agents that were started in the overlay.</summary>
    public FixedLocator Locator => (FixedLocator)_agent.Services.GetRequiredService<IPeerLocator>();

    public PeerHealth Health => _agent.Services.GetRequiredService<PeerHealth>();

    public static Task<TestAgent> StartAsync(
        ContainerdProcess containerd, IEnumerable<IPEndPoint> peers, Func<AgentOptions, AgentOptions>? change = null)
    {
        var locator = new FixedLocator([.. peers.Select(FixedLocator.PeerAt)]);
        return StartAsync(containerd, change, services => services.AddSingleton<IPeerLocator>(locator));
    }

    /// <summary>One that finds its peers by the overlay, as <c>serve</c> does.</summary>
    public static Task<TestAgent> StartInOverlayAsync(
        ContainerdProcess containerd, string name, IEnumerable<IPEndPoint> seeds, Func<AgentOptions, AgentOptions>? change = null)
    {
        var addresses = seeds.Select(seed => new HostAndPort(seed.Address.ToString(), seed.Port)).ToArray();
        return StartAsync(
            containerd,
            options => (change ?? (same => same))(options with { NodeName = name, Seeds = addresses }),
            replace: null);
    }

    /// <summary>What <c>/status</c> says.</summary>
    public Task<AgentStatus> ReadStatusAsync() => ReadAsync("/status", AgentStatusJson.Default.AgentStatus);

    /// <summary>What <c>/metrics</c> says, as the strict reader has it.</summary>
    public async Task<IReadOnlyDictionary<string, ExpositionFamily>> ScrapeAsync() =>
        Exposition.Parse(await Client.GetByteArrayAsync(new Uri($"http://{Operations}/metrics"), TestContext.Current.CancellationToken), openMetrics: false);

    /// <summary>What <c>/locate</c> says of a reference.</summary>
    public Task<LocateReport> LocateAsync(string reference) =>
        ReadAsync($"/locate?ref={Uri.EscapeDataString(reference)}", AgentStatusJson.Default.LocateReport);

    /// <summary>Waits until it gets a content for its containerd. A lookup has milliseconds, which a busy machine may not give it at once.</summary>
    public async Task<byte[]> PullAsync(string path)
    {
        RawResponse? answer = null;
        await Eventually.IsTrueAsync(async () => (answer = await RawClient.GetAsync(Registry, path)).Status == 200, $"{path} is found");
        return answer!.Body.ToArray();
    }

    public Task StopAsync() => _agent.StopAsync(CancellationToken.None);

    /// <summary>Waits until nothing is being transferred any more.</summary>
    public Task TransfersEndAsync() => Eventually.IsTrueAsync(() => !Statistics.Active.Any(), "every transfer ends");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _agent.DisposeAsync();
        _state.Delete(recursive: true);
    }

    private static async Task<TestAgent> StartAsync(
        ContainerdProcess containerd, Func<AgentOptions, AgentOptions>? change, Action<IServiceCollection>? replace)
    {
        var state = Directory.CreateTempSubdirectory("peili-agent-");
        var options = TestOptions.Default with
        {
            ContainerdSocket = containerd.Socket,
            StatePath = state.FullName,
        };
        var agent = new TestAgent(AgentHost.Build(change?.Invoke(options) ?? options, replace), state);
        await agent._agent.StartAsync(TestContext.Current.CancellationToken);
        await agent._agent.Services.GetRequiredService<ImageStoreWatcher>()
            .WaitForFirstListAsync(TestContext.Current.CancellationToken).WaitAsync(s_startBound);
        await agent._agent.Services.GetRequiredService<ClusterOverlay>()
            .WaitForStartAsync(TestContext.Current.CancellationToken).WaitAsync(s_startBound);
        return agent;
    }

    private async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type)
        where T : class =>
        (await Client.GetFromJsonAsync(new Uri($"http://{Operations}{path}"), type, TestContext.Current.CancellationToken)).ShouldNotBeNull();

    private IPEndPoint EndPoint(int listener)
    {
        var addresses = _agent.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = new Uri(addresses.ElementAt(listener));
        return new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
    }
}

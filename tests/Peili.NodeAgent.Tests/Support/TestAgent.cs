using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>An agent in this process, as <c>serve</c> builds it but for the peers it is given, on ports of its own, past containerd's first list.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private static readonly TimeSpan s_startBound = TimeSpan.FromSeconds(60);

    private readonly WebApplication _agent;
    private readonly DirectoryInfo _state;

    /// <summary>The program's one line, ready, would stand between those of the test runner, which has its writer already.</summary>
    static TestAgent() => Console.SetOut(TextWriter.Null);

    private TestAgent(WebApplication agent, DirectoryInfo state, FixedLocator locator)
    {
        _agent = agent;
        _state = state;
        Locator = locator;
        _agent.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
    }

    public CapturedLog Log { get; } = new();

    public IPEndPoint Registry => EndPoint(0);

    public IPEndPoint Peer => EndPoint(1);

    public IPEndPoint Operations => EndPoint(2);

    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseProxy = false,
    });

    public string StatePath => _state.FullName;

    public IServiceProvider Services => _agent.Services;

    public TransferStatistics Statistics => _agent.Services.GetRequiredService<TransferStatistics>();

    /// <summary>What the agent finds its peers by, in the overlay's place.</summary>
    public FixedLocator Locator { get; }

    public PeerHealth Health => _agent.Services.GetRequiredService<PeerHealth>();

    public static async Task<TestAgent> StartAsync(
        ContainerdProcess containerd, IEnumerable<IPEndPoint> peers, Func<AgentOptions, AgentOptions>? change = null)
    {
        var state = Directory.CreateTempSubdirectory("peili-agent-");
        var options = TestOptions.Default with
        {
            ContainerdSocket = containerd.Socket,
            StatePath = state.FullName,
        };
        var locator = new FixedLocator([.. peers.Select(FixedLocator.PeerAt)]);
        var built = AgentHost.Build(change?.Invoke(options) ?? options, services => services.AddSingleton<IPeerLocator>(locator));
        var agent = new TestAgent(built, state, locator);
        await agent._agent.StartAsync(TestContext.Current.CancellationToken);
        await agent._agent.Services.GetRequiredService<ImageStoreWatcher>()
            .WaitForFirstListAsync(TestContext.Current.CancellationToken).WaitAsync(s_startBound);
        return agent;
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

    private IPEndPoint EndPoint(int listener)
    {
        var addresses = _agent.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = new Uri(addresses.ElementAt(listener));
        return new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peili.Containerd;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Transfers;

namespace Peili.Page.Tests.Support;

/// <summary>An agent in this process, as <c>serve</c> builds it, on ports of its own.</summary>
internal sealed class PageNode : IAsyncDisposable
{
    private readonly WebApplication _agent;
    private readonly TestDirectory _state;

    static PageNode() => Console.SetOut(TextWriter.Null);

    private PageNode(WebApplication agent, TestDirectory state)
    {
        _agent = agent;
        _state = state;
    }

    public Uri Page => new($"http://{EndPoint(2)}/");

    public IPEndPoint Peer => EndPoint(1);

    public IServiceProvider Services => _agent.Services;

    /// <param name="change">Its options.</param>
    /// <param name="others">In the place of the members it finds; null for those.</param>
    public static async Task<PageNode> StartAsync(Func<AgentOptions, AgentOptions> change, OtherMembers? others = null)
    {
        var state = new TestDirectory();
        var options = change(TestOptions.Default with { StatePath = state.Path });
        var agent = AgentHost.Build(options, services =>
        {
            if (others is not null)
            {
                services.AddSingleton(others);
            }
        });
        await agent.StartAsync(TestContext.Current.CancellationToken);
        return new PageNode(agent, state);
    }

    /// <summary>A transfer as it is after some bytes of it; dispose the result when it ends.</summary>
    /// <param name="listener">Who asked.</param>
    /// <param name="digest">For what.</param>
    /// <param name="bytes">Sent so far.</param>
    /// <param name="total">To be sent.</param>
    /// <param name="node">The other node; null for none.</param>
    public ActiveTransfer Begin(Listener listener, Digest digest, int bytes, long total, string? node)
    {
        RegistryPath.TryParse($"/v2/library/app/blobs/{digest}", out var path, out _).ShouldBeTrue();
        var request = new MirrorRequest(new DefaultHttpContext(), listener, new ContentRequest(path, "docker.io"), null, Asked: 0);
        var transfer = Services.GetRequiredService<TransferStatistics>().Begin(request, digest);
        transfer.Total = total;
        transfer.Node = node;
        transfer.Add(bytes, node is null || listener == Listener.Peer ? TransferSource.Local : TransferSource.Peer);
        return transfer;
    }

    public Task StopAsync() => _agent.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        _state.Dispose();
    }

    private IPEndPoint EndPoint(int listener)
    {
        var address = new Uri(_agent.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(listener));
        return new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
    }
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Control;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Transfers;
using Peili.Overlay;
using Peili.Page.Tests.Support;

[assembly: AssemblyFixture(typeof(Scenes))]

namespace Peili.Page.Tests.Support;

/// <summary>What the pages under test show: three nodes that found each other, one of 500, and one that has nothing and nobody. No test changes them.</summary>
public sealed class Scenes : IAsyncDisposable
{
    /// <summary>A node's name that would be run if a page took it for markup.</summary>
    internal const string HostileName = "<img/src=x/onerror=document.title='hit'>";

    /// <summary>The same as an image's name.</summary>
    internal const string HostileImage = "registry.test/<img/src=x/onerror=document.title='hit'>:1";

    private const string Configuration =
        """
        version = 2

        [plugins."io.containerd.grpc.v1.cri".containerd]
          discard_unpacked_layers = true
        """;

    private readonly List<IAsyncDisposable> _running = [];
    private readonly TestDirectory _files = new();
    private readonly Lazy<Task<ContainerdProcess>> _containerd;
    private readonly Lazy<Task<PageNode>> _three;
    private readonly Lazy<Task<PageNode>> _many;
    private readonly Lazy<Task<PageNode>> _alone;

    public Scenes()
    {
        _containerd = new(StartContainerdAsync);
        _three = new(StartThreeAsync);
        _many = new(StartManyAsync);
        _alone = new(() => StartAsync(options => options with { NodeName = "edge-7" }));
    }

    internal TestImage Redis { get; } = TestImage.Create("docker.io/library/redis:7", layers: 4, layerSize: 40_000);

    internal Task<PageNode> ThreeAsync() => _three.Value;

    internal Task<PageNode> ManyAsync() => _many.Value;

    internal Task<PageNode> AloneAsync() => _alone.Value;

    internal Task<PageNode> OfAsync(int nodes) => nodes == 3 ? ThreeAsync() : ManyAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _running.AsEnumerable().Reverse())
        {
            await running.DisposeAsync();
        }

        _files.Dispose();
    }

    private static Digest DigestOf(string text) => Digest.Of(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<ContainerdProcess> StartContainerdAsync()
    {
        var containerd = await ContainerdProcess.StartAsync();
        _running.Add(containerd);
        await containerd.ImportAsync(Redis);
        await containerd.ImportAsync(TestImage.CreateIndex("registry.example/platform/observability/open-telemetry-collector-contrib:0.112.0-amd64-hardened"));
        await containerd.CtrAsync("images", "tag", Redis.Name, HostileImage);
        for (var number = 0; number < 30; number++)
        {
            await containerd.CtrAsync("images", "tag", Redis.Name, string.Create(CultureInfo.InvariantCulture, $"registry.example/team/app:{number}"));
        }

        return containerd;
    }

    private async Task<PageNode> StartAsync(Func<AgentOptions, AgentOptions> change, OtherMembers? others = null)
    {
        var node = await PageNode.StartAsync(
            options => change(options) with { ContainerdConfig = _files.Write("config.toml", Configuration), Flavor = "kubeadm", Relay = new RelayOptions { IsOn = false } }, others);
        _running.Add(node);
        return node;
    }

    private async Task<PageNode> StartThreeAsync()
    {
        var containerd = await _containerd.Value;
        var first = await StartAsync(options => options with { NodeName = "node-1", Zone = "eu-north-1a", ContainerdSocket = containerd.Socket });
        HostAndPort[] seeds = [new HostAndPort(first.Peer.Address.ToString(), first.Peer.Port)];
        await StartAsync(options => options with { NodeName = "node-2.eu-north-1.compute.internal", Zone = "eu-north-1b", ContainerdSocket = containerd.Socket, Seeds = seeds });
        await StartAsync(options => options with { NodeName = HostileName, Zone = "eu-north-1b", Seeds = seeds });
        await Eventually.IsTrueAsync(() => first.Services.GetRequiredService<OtherMembers>()().Count() == 2, "the other nodes are found");
        await FillAsync(first, "node-2.eu-north-1.compute.internal");
        return first;
    }

    private async Task<PageNode> StartManyAsync()
    {
        var containerd = await _containerd.Value;
        var members = Enumerable.Range(2, 499).Select(MemberOf).ToArray();
        var node = await StartAsync(
            options => options with { NodeName = "ip-10-40-0-1.eu-north-1.compute.internal", Zone = "eu-north-1a", ContainerdSocket = containerd.Socket }, () => members);
        await FillAsync(node, members[0].Name);
        return node;
    }

    /// <summary>One in some hundred is in each kind of trouble.</summary>
    private static OverlayMember MemberOf(int number) => new(
        string.Create(CultureInfo.InvariantCulture, $"ip-10-40-{number / 250}-{number % 250}.eu-north-1.compute.internal"),
        PeerAddress.From(new IPEndPoint(new IPAddress([10, 40, (byte)(number / 250), (byte)(number % 250)]), 29951)),
        "eu-north-1" + "abc"[number % 3],
        "0.1.0",
        Epoch: 1_700_000_000_000,
        Incarnation: 1,
        number switch { 17 or 230 => MemberState.Dead, 42 or 301 or 402 => MemberState.Suspect, 99 => MemberState.Left, _ => MemberState.Alive },
        number is 120 or 121 ? MemberStatus.Warming : MemberStatus.Ready,
        UdpBlocked: number is 77 or 78 or 310,
        Avoided: number is 200);

    /// <summary>Transfers under way, roles, and things gone wrong, as a node in the middle of a rollout has them.</summary>
    private static async Task FillAsync(PageNode node, string other)
    {
        node.Begin(Listener.Registry, DigestOf("done"), 900_000_000, 900_000_000, other).Dispose();
        node.Begin(Listener.Registry, DigestOf("layer 1"), 312_000_000, 734_003_200, other);
        node.Begin(Listener.Registry, DigestOf("layer 2"), 31_000_000, 48_000_000, null);
        node.Begin(Listener.Peer, DigestOf("layer 3"), 119_000_000, 120_000_000, other);
        node.Services.GetRequiredService<TransferStatistics>().CountResumption();

        var leases = node.Services.GetRequiredService<Leases>();
        leases.BecomeOrigin(leases.Begin(DigestOf("layer 4"), "docker.io", "library/app"), 25_000_000);
        leases.Begin(DigestOf("layer 1"), "docker.io", "library/app").Path = [other];

        var log = node.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Peili.NodeAgent.Peers.PeerHealth");
        for (var time = 0; time < 12; time++)
        {
            ProblemMessages.SentWrong(log, other, DigestOf("wrong"));
        }

        ProblemMessages.Unreachable(log, $"https://user:{Secret}@registry.example/v2/");
        await Eventually.IsTrueAsync(() => node.Services.GetRequiredService<NodeChecker>().Report is not null, "the first check ends");
        await node.Services.GetRequiredService<ImageStoreWatcher>().WaitForFirstListAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Logged by mistake; no page may show it.</summary>
    internal const string Secret = "swordfish-4711";
}

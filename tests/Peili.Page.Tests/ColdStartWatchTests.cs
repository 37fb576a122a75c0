using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Peili.AgentApi;
using Peili.AgentApi.Security;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;
using Peili.Operator.Agents;
using Peili.Operator.Installation;
using Peili.Overlay.ColdStart;
using Peili.Page.Tests.Support;

namespace Peili.Page.Tests;

/// <summary>How a page that is open learns of a cold start, from agents as they run.</summary>
public sealed class ColdStartWatchTests : IAsyncDisposable
{
    private static readonly Digest s_blob = DigestOf("layer");

    private readonly TestDirectory _files = new();
    private readonly Authority _authority = Authority.Create(DateTimeOffset.UtcNow);
    private readonly List<PageNode> _nodes = [];
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _rounds;

    [Fact]
    public async Task Origins_are_found_by_their_status_version_children_by_their_names_and_nobody_is_asked_when_nobody_looks()
    {
        var (first, second, third) = (await StartAsync("a"), await StartAsync("b"), await StartAsync("c"));
        using var client = Client();
        var watch = new ColdStartWatch(ReadAgents, client, _time);
        var running = watch.RunAsync(_stopping.Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        _rounds.ShouldBe(0);
        await RoundsAsync(watch, 3);
        watch.Look().ShouldBeEmpty();

        var leases = first.Services.GetRequiredService<Leases>();
        var before = await VersionAsync(client, first);
        leases.BecomeOrigin(leases.Begin(s_blob, "docker.io", "library/app"), 1000);
        leases.SeeHerd();
        await Eventually.IsTrueAsync(async () => await VersionAsync(client, first) > before, "the origin has others hear of it");
        second.Services.GetRequiredService<Leases>().Begin(s_blob, "docker.io", "library/app").Path = ["a"];
        third.Services.GetRequiredService<Leases>().Begin(s_blob, "docker.io", "library/app").Path = ["a", "b"];
        Admit(first, "b");
        Admit(second, "c");

        await Eventually.IsTrueAsync(
            async () =>
            {
                leases.SeeHerd();
                await RoundsAsync(watch, 1);
                return watch.Look().Count == 3;
            },
            "all three are found");
        var told = watch.Look();
        var origin = told["a"].ShouldHaveSingleItem();
        (origin.Digest, origin.Registry, origin.Repository, origin.Origin, origin.Parent).ShouldBe((s_blob.ToString()[..19], "docker.io", "library/app", true, ""));
        origin.Children.ShouldBe(["b"]);
        origin.Bytes.ShouldBe(1000);
        told["c"].ShouldHaveSingleItem().Parent.ShouldBe("b");

        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.IsTrueAsync(() => watch.IsIdle, "it stops");
        var asked = _rounds;
        _time.Advance(TimeSpan.FromMinutes(1));
        _rounds.ShouldBe(asked);

        await _stopping.CancelAsync();
        await running.ShouldThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task An_agent_tells_of_the_eight_largest_blobs_and_of_nothing_that_it_fetches_alone()
    {
        var node = await StartAsync("a");
        using var client = Client();
        var leases = node.Services.GetRequiredService<Leases>();
        leases.BecomeOrigin(leases.Begin(s_blob, "docker.io", "library/app"), 1000);
        (await client.StatusAsync(node.Peer, TestContext.Current.CancellationToken)).ColdStart.ShouldBeEmpty();

        for (var number = 0; number < 12; number++)
        {
            leases.Begin(DigestOf($"layer {number}"), "docker.io", "library/app").Path = ["b"];
        }

        var status = await client.StatusAsync(node.Peer, TestContext.Current.CancellationToken);
        status.ColdStart.Count.ShouldBe(8);
        status.ColdStart.ShouldAllBe(blob => blob.Parent == "b");
        status.LeadsColdStart.ShouldBeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _files.Dispose();
        _stopping.Dispose();
    }

    private static Digest DigestOf(string text) => Digest.Of(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Admit(PageNode parent, string child) =>
        parent.Services.GetRequiredService<Admission>().TryAdmit(child, AnnouncedKeys.Of(s_blob), 0, () => 1000, []).Verdict.ShouldBe(AdmissionVerdict.Admitted);

    private static async Task<uint> VersionAsync(AgentClient client, PageNode node) =>
        (await client.MembersAsync(node.Peer, 0, TestContext.Current.CancellationToken)).Members.Single(member => member.Name == "a").StatusVersion;

    private Dictionary<string, IPEndPoint> ReadAgents()
    {
        Interlocked.Increment(ref _rounds);
        return _nodes.Select((node, place) => (Name: "abc"[place].ToString(), node.Peer)).ToDictionary(node => node.Name, node => node.Peer);
    }

    /// <summary>Looks, and has the clock go on, until so many rounds more have begun.</summary>
    private async Task RoundsAsync(ColdStartWatch watch, int rounds)
    {
        var wanted = Volatile.Read(ref _rounds) + rounds;
        await Eventually.IsTrueAsync(
            () =>
            {
                watch.Look();
                _time.Advance(TimeSpan.FromSeconds(1));
                return Volatile.Read(ref _rounds) >= wanted;
            },
            $"{rounds} more rounds");
    }

    private async Task<PageNode> StartAsync(string name)
    {
        var (certificate, key) = _authority.Issue(PeerIdentity.Agent, DateTimeOffset.UtcNow);
        var tls = new TlsFiles(_files.Write("ca.crt", _authority.Certificate), _files.Write("tls.crt", certificate), _files.Write("tls.key", key));
        var keys = _nodes.Count == 0 ? _files.Write("keys", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))) : _files.PathOf("keys");
        HostAndPort[] seeds = [.. _nodes.Take(1).Select(node => new HostAndPort(node.Peer.Address.ToString(), node.Peer.Port))];
        var node = await PageNode.StartAsync(options => options with { NodeName = name, Tls = tls, ClusterKeyFile = keys, Seeds = seeds, Relay = new RelayOptions { IsOn = false } });
        _nodes.Add(node);
        return node;
    }

    private AgentClient Client()
    {
        var (certificate, key) = _authority.Issue(PeerIdentity.Operator, DateTimeOffset.UtcNow);
        var credentials = PeerCredentials.Parse(_authority.Certificate, certificate, key);
        return new AgentClient(() => credentials, TimeProvider.System, TimeSpan.FromSeconds(30));
    }
}

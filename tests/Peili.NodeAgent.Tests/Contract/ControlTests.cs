using System.Security.Cryptography;
using Peili.AgentApi;
using Peili.AgentApi.Security;
using Peili.Containerd.Tests.Support;
using Peili.LocalCluster.Security;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary>What the operator asks and orders of an agent, and that nobody else may.</summary>
public sealed class ControlTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly CertificateAuthority _authority = new();
    private readonly Nodes _nodes;

    public ControlTests(Nodes nodes)
    {
        _nodes = nodes;
        var (certificate, key) = _authority.Issue();
        _directory.Write("ca.crt", _authority.Pem);
        _directory.Write("tls.crt", certificate);
        _directory.Write("tls.key", key);
        _directory.Write("keys", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_agents_certificate_may_not_ask_and_not_order()
    {
        await using var agent = await StartAsync();
        using var client = ClientAs(PeerIdentity.Agent);

        foreach (var call in new Func<Task>[]
        {
            () => client.StatusAsync(agent.Peer, Cancellation),
            () => client.MembersAsync(agent.Peer, 0, Cancellation),
            () => client.SetNodeAsync(agent.Peer, "z", Cancellation),
            () => client.AcquireAsync(agent.Peer, Cancellation),
            () => client.ReleaseAsync(agent.Peer, Cancellation),
        })
        {
            (await Should.ThrowAsync<AgentUnreachableException>(call)).Message.ShouldEndWith("with 403");
        }

        File.Exists(Path.Combine(agent.StatePath, "released")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_agent_without_TLS_takes_no_orders_from_anybody()
    {
        await using var agent = await TestAgent.StartInOverlayAsync(await _nodes.EmptyAsync(), "one", []);
        var answer = await RawClient.GetAsync(agent.Peer, AgentMethods.Release);
        answer.Status.ShouldBe(403);
    }

    [Fact]
    public async Task Status_tells_of_the_node_its_check_and_what_is_loaded()
    {
        await using var agent = await StartAsync();
        using var client = ClientAs(PeerIdentity.Operator);
        var status = new StatusReply();
        await Eventually.IsTrueAsync(async () => (status = await client.StatusAsync(agent.Peer, Cancellation)).Check is not null, "the first check ends");

        status.NodeName.ShouldBe("one");
        status.NotReady.ShouldBeEmpty();
        status.Check.ContainerdVersion.ShouldNotBeEmpty();
        status.Overlay.Members.ShouldBe(1u);
        status.Overlay.Images.ShouldBeGreaterThan(0u);
        status.RegistryAuth.ShouldBe("none");
        status.Address.ShouldBe($"{agent.Peer}");
        status.Loaded.Authorities.ShouldHaveSingleItem();
        status.Loaded.Keys.ShouldHaveSingleItem();
        status.Loaded.Certificate.Length.ShouldBe(64);
        DateTimeOffset.FromUnixTimeMilliseconds(status.Since).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(-1));
    }

    [Fact]
    public async Task The_member_table_is_left_out_where_it_is_known_and_comes_again_when_a_zone_changes()
    {
        await using var agent = await StartAsync();
        using var client = ClientAs(PeerIdentity.Operator);
        var first = await client.MembersAsync(agent.Peer, 0, Cancellation);
        first.Members.ShouldHaveSingleItem().Name.ShouldBe("one");
        (await client.MembersAsync(agent.Peer, first.Hash, Cancellation)).Members.ShouldBeEmpty();

        await client.SetNodeAsync(agent.Peer, "rack-7", Cancellation);
        var moved = await client.MembersAsync(agent.Peer, first.Hash, Cancellation);
        moved.Members.ShouldHaveSingleItem().Epoch.ShouldBeGreaterThan(first.Members[0].Epoch);
        (await client.StatusAsync(agent.Peer, Cancellation)).Zone.ShouldBe("rack-7");
        (await File.ReadAllTextAsync(Path.Combine(agent.StatePath, "overlay.json"), Cancellation)).ShouldContain("rack-7");
    }

    [Fact]
    public async Task A_zone_that_is_none_is_refused()
    {
        await using var agent = await StartAsync();
        using var client = ClientAs(PeerIdentity.Operator);
        (await Should.ThrowAsync<AgentUnreachableException>(() => client.SetNodeAsync(agent.Peer, new string('z', 64), Cancellation))).Message.ShouldEndWith("with 400");
        (await Should.ThrowAsync<AgentUnreachableException>(() => client.SetNodeAsync(agent.Peer, "a\nb", Cancellation))).Message.ShouldEndWith("with 400");
    }

    [Fact]
    public async Task Release_puts_the_hosts_back_until_Acquire()
    {
        var hosts = Directory.CreateDirectory(_directory.PathOf("certs.d")).FullName;
        var theirs = Path.Combine(Directory.CreateDirectory(Path.Combine(hosts, "registry.test")).FullName, "hosts.toml");
        const string Before = "server = \"https://registry.test\"\n# ours for years\n";
        await File.WriteAllTextAsync(theirs, Before, Cancellation);
        var mirror = new MirrorSettings("https://mirror.test") { CaPem = _authority.Pem };
        await using var agent = await StartAsync(options => options with { HostsDirectory = hosts, Hosts = new HostsWishes { Mirrors = [mirror] } });
        using var client = ClientAs(PeerIdentity.Operator);
        await Eventually.IsTrueAsync(async () => await StateAsync() == "Mirrored", "the hosts are written");
        (await File.ReadAllTextAsync(theirs, Cancellation)).ShouldContain("peili: begin");
        var authorities = Path.Combine(agent.StatePath, "mirrors");
        var authority = Directory.GetFiles(authorities).ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(theirs, Cancellation)).ShouldContain($"ca = [\"{authority}\"]");
        (await File.ReadAllTextAsync(authority, Cancellation)).ShouldBe(_authority.Pem);

        (await client.ReleaseAsync(agent.Peer, Cancellation)).ShouldBeEmpty();
        (await File.ReadAllTextAsync(theirs, Cancellation)).ShouldBe(Before);
        Directory.GetFileSystemEntries(hosts).ShouldHaveSingleItem();
        Directory.Exists(authorities).ShouldBeFalse();
        (await StateAsync()).ShouldBe("Released");
        await client.ReleaseAsync(agent.Peer, Cancellation);

        await client.AcquireAsync(agent.Peer, Cancellation);
        (await StateAsync()).ShouldBe("Mirrored");
        (await File.ReadAllTextAsync(theirs, Cancellation)).ShouldContain("peili: begin");
        (await File.ReadAllTextAsync(authority, Cancellation)).ShouldBe(_authority.Pem);

        async Task<string> StateAsync() => (await client.StatusAsync(agent.Peer, Cancellation)).Registries.ShouldHaveSingleItem().State;
    }

    [Fact]
    public async Task A_change_of_status_raises_the_status_version_in_the_member_table()
    {
        var hosts = Directory.CreateDirectory(_directory.PathOf("certs.d")).FullName;
        await using var agent = await StartAsync(options => options with { HostsDirectory = hosts });
        using var client = ClientAs(PeerIdentity.Operator);
        await Eventually.IsTrueAsync(async () => (await client.StatusAsync(agent.Peer, Cancellation)).Registries[0].State == "Mirrored", "the hosts are written");
        var before = (await client.MembersAsync(agent.Peer, 0, Cancellation)).Members[0].StatusVersion;
        await client.ReleaseAsync(agent.Peer, Cancellation);
        await Eventually.IsTrueAsync(
            async () => (await client.MembersAsync(agent.Peer, 0, Cancellation)).Members[0].StatusVersion > before, "the change is told of");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<TestAgent> StartAsync(Func<AgentOptions, AgentOptions>? change = null) =>
        await TestAgent.StartInOverlayAsync(await _nodes.HoldingAsync(), "one", [], options => (change ?? (same => same))(options with
        {
            Tls = new TlsFiles(_directory.PathOf("ca.crt"), _directory.PathOf("tls.crt"), _directory.PathOf("tls.key")),
            ClusterKeyFile = _directory.PathOf("keys"),
        }));

    private AgentClient ClientAs(string identity)
    {
        var (certificate, key) = _authority.Issue(identity);
        var credentials = PeerCredentials.Parse(_authority.Pem, certificate, key);
        return new AgentClient(() => credentials, TimeProvider.System, TimeSpan.FromSeconds(30));
    }
}

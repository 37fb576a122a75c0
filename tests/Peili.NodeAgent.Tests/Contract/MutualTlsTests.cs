using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peili.AgentApi.Security;
using Peili.Containerd.Tests.Support;
using Peili.LocalCluster.Security;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary>Agents with certificates and cluster keys, and who else comes by.</summary>
public sealed class MutualTlsTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly CertificateAuthority _authority = new();
    private readonly Nodes _nodes;

    public MutualTlsTests(Nodes nodes)
    {
        _nodes = nodes;
        var (certificate, key) = _authority.Issue();
        _directory.Write("ca.crt", _authority.Pem);
        _directory.Write("tls.crt", certificate);
        _directory.Write("tls.key", key);
        _directory.Write("keys", NewKey());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Agents_meet_and_pull_under_TLS_and_keys()
    {
        await using var first = await TestAgent.StartInOverlayAsync(await _nodes.HoldingAsync(), "first", [], Secure);
        await using var second = await TestAgent.StartInOverlayAsync(await _nodes.EmptyAsync(), "second", [first.Peer], Secure);

        await Eventually.IsTrueAsync(async () => (await second.ReadStatusAsync()).Overlay.Members is [{ State: "alive" }], "the first is met");
        (await second.ReadStatusAsync()).Overlay.Sealed.ShouldBeTrue();
        await Eventually.IsTrueAsync(
            async () => (await second.LocateAsync($"{_nodes.Layer}")).Holders is [{ Node: "first", Announced: true, Holds: true }], "the layer is announced");
        (await second.PullAsync($"/v2/team/app/blobs/{_nodes.Layer}?ns=registry.test")).ShouldBe(_nodes.Image.Blobs[_nodes.Layer]);
    }

    [Fact]
    public async Task The_overlay_is_for_agents_and_not_for_the_operator()
    {
        await using var agent = await TestAgent.StartInOverlayAsync(await _nodes.EmptyAsync(), "one", [], Secure);

        (await PostAsync(agent, PeerIdentity.Agent)).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(agent, PeerIdentity.Operator)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Who_is_refused_is_counted_by_the_reason()
    {
        await using var agent = await TestAgent.StartInOverlayAsync(await _nodes.EmptyAsync(), "one", [], Secure);

        await Should.ThrowAsync<HttpRequestException>(() => PostAsync(agent, identity: null));
        await Should.ThrowAsync<HttpRequestException>(() => PostAsync(agent, "spiffe://peili.dev/other"));

        await Eventually.IsTrueAsync(
            async () => (await agent.ReadStatusAsync()).Overlay.Refused is var refused
                && refused.GetValueOrDefault("noCertificate") > 0 && refused.GetValueOrDefault("unknownIdentity") > 0,
            "both are counted");
    }

    [Fact]
    public async Task An_agent_without_the_keys_is_not_met_and_counted()
    {
        await using var agent = await TestAgent.StartInOverlayAsync(await _nodes.EmptyAsync(), "one", [], Secure);
        await using var stranger = await TestAgent.StartInOverlayAsync(
            await _nodes.EmptyAsync(), "two", [agent.Peer], options => Secure(options) with { ClusterKeyFile = _directory.Write("other", NewKey()) });

        await Eventually.IsTrueAsync(async () => (await agent.ReadStatusAsync()).Overlay.Dropped.GetValueOrDefault("unknownKey") > 0, "its datagrams are counted");
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private AgentOptions Secure(AgentOptions options) => options with
    {
        Tls = new TlsFiles(_directory.PathOf("ca.crt"), _directory.PathOf("tls.crt"), _directory.PathOf("tls.key")),
        ClusterKeyFile = _directory.PathOf("keys"),
    };

    /// <summary>Posts garbage under a certificate of the identity; under none where that is null.</summary>
    private async Task<HttpStatusCode> PostAsync(TestAgent agent, string? identity)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        var issued = identity is null ? default : _authority.Issue(identity);
        using var own = identity is null ? null : X509Certificate2.CreateFromPem(issued.Certificate, issued.Key);
        if (own is not null)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
        }

        using var client = new HttpClient(handler);
        using var answer = await client.PostAsync(
            new Uri($"https://{agent.Peer}{BulkEndpoint.Path}"), new ByteArrayContent("junk"u8.ToArray()), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Peili.Containerd.Tests.Support;
using Peili.LocalCluster.Security;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Tests.Support;
using Peili.Prometheus.Tests.Support;

namespace Peili.NodeAgent.Tests.Metrics;

/// <summary>The listener for metrics alone, as Prometheus comes by: TLS under a CA, and a bearer token.</summary>
public sealed class MetricsListenerTests(Nodes nodes) : IDisposable
{
    private const string Token = "the-token-of-the-test";
    private const string NewToken = "another-token-of-the-test";

    private readonly TestDirectory _directory = new();
    private readonly CertificateAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Metrics_are_for_who_has_the_token_and_nothing_else_is_served()
    {
        await using var agent = await StartAsync();
        using var client = Client(_authority.Pem);

        using var answer = await SendAsync(client, agent, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Exposition.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), openMetrics: false).Keys.ShouldContain("peili_agent_ready");

        foreach (var wrong in new[] { null, "", "x", Token[..^1], Token + "x", NewToken })
        {
            using var refused = await SendAsync(client, agent, wrong);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, wrong);
            refused.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
            (await refused.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        }

        foreach (var path in new[] { "/", "/livez", "/status", "/v2/", "/peili/v1/status" })
        {
            using var other = await SendAsync(client, agent, Token, path);
            other.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            using var stranger = await SendAsync(client, agent, token: null, path);
            stranger.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Fact]
    public async Task It_shows_its_certificate_and_speaks_nothing_but_TLS()
    {
        await using var agent = await StartAsync();
        using var otherAuthority = new CertificateAuthority();
        using var wrong = Client(otherAuthority.Pem);

        await Should.ThrowAsync<HttpRequestException>(() => SendAsync(wrong, agent, Token));
        using var plain = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Should.ThrowAsync<HttpRequestException>(() => plain.GetAsync(new Uri($"http://{agent.Metrics}/metrics"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_other_listeners_of_the_network_serve_no_metrics()
    {
        await using var agent = await StartAsync();

        foreach (var listener in new[] { agent.Registry, agent.Peer })
        {
            (await RawClient.GetAsync(listener, "/metrics")).Status.ShouldBe(404);
        }
    }

    [Fact]
    public async Task A_new_token_and_certificate_count_within_seconds_and_broken_files_change_nothing()
    {
        await using var agent = await StartAsync();
        using var client = Client(_authority.Pem);
        _directory.Write("token", "short\n");
        await Eventually.IsTrueAsync(() => agent.Log.AtLeast(LogLevel.Warning).Any(line => line.Contains("cannot be used", StringComparison.Ordinal)), "the broken file is told");
        agent.Log.AtLeast(LogLevel.Warning).ShouldAllBe(line => !line.Contains("short", StringComparison.Ordinal), "what a token file holds is never logged");
        (await SendAsync(client, agent, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        _directory.Write("token", $"{NewToken}\n\n{Token}\n");
        await Eventually.IsTrueAsync(async () => (await SendAsync(client, agent, NewToken)).IsSuccessStatusCode, "the new token counts");
        (await SendAsync(client, agent, Token)).StatusCode.ShouldBe(HttpStatusCode.OK, "so does the old one, while both are there");
        _directory.Write("token", NewToken);
        await Eventually.IsTrueAsync(async () => (await SendAsync(client, agent, Token)).StatusCode == HttpStatusCode.Unauthorized, "the old one counts no more");

        using var newAuthority = new CertificateAuthority();
        var (certificate, key) = newAuthority.Issue(address: IPAddress.Loopback);
        _directory.Write("tls.key", key);
        _directory.Write("tls.crt", certificate);
        await Eventually.IsTrueAsync(
            async () =>
            {
                using var again = Client(newAuthority.Pem);
                try
                {
                    return (await SendAsync(again, agent, NewToken)).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the new certificate is shown");
    }

    [Theory]
    [InlineData("token", "x", "--metrics-address")]
    [InlineData("tls.crt", "no certificate", "--metrics-address")]
    public async Task Files_that_cannot_be_used_are_named_at_the_start(string file, string text, string named)
    {
        WriteFiles();
        _directory.Write(file, text);

        var message = (await Should.ThrowAsync<InvalidDataException>(async () => await TestAgent.StartAsync(await nodes.EmptyAsync(), [], WithListener))).Message;

        message.ShouldContain(named);
        message.ShouldContain(_directory.PathOf(file));
    }

    [Fact]
    public async Task An_insecure_agent_may_serve_everybody_in_the_clear()
    {
        await using var agent = await TestAgent.StartAsync(await nodes.EmptyAsync(), [], options => options with { MetricsAddress = new IPEndPoint(IPAddress.Loopback, 0) });

        (await RawClient.GetAsync(agent.Metrics, "/metrics")).Status.ShouldBe(200);
        (await RawClient.GetAsync(agent.Metrics, "/livez")).Status.ShouldBe(404);
    }

    private static HttpClient Client(string authority)
    {
        var trusted = X509Certificate2.CreateFromPem(authority);
        return new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, TestAgent agent, string? token, string path = "/metrics")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"https://{agent.Metrics}{path}");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<TestAgent> StartAsync()
    {
        WriteFiles();
        return await TestAgent.StartAsync(await nodes.EmptyAsync(), [], WithListener);
    }

    private void WriteFiles()
    {
        var (certificate, key) = _authority.Issue(address: IPAddress.Loopback);
        _directory.Write("tls.crt", certificate);
        _directory.Write("tls.key", key);
        _directory.Write("token", Token + "\n");
    }

    private AgentOptions WithListener(AgentOptions options) => options with
    {
        MetricsAddress = new IPEndPoint(IPAddress.Loopback, 0),
        MetricsFiles = new MetricsFiles(_directory.PathOf("token"), _directory.PathOf("tls.crt"), _directory.PathOf("tls.key")),
    };
}

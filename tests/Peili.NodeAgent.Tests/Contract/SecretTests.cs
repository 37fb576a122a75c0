using System.Net;
using Peili.Containerd.Hosts;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary><c>--registry-auth header</c>.</summary>
public sealed class SecretTests(Nodes nodes)
{
    [Fact]
    public async Task Without_the_secret_the_registry_listener_answers_404_to_everything()
    {
        await using var agent = await StartAsync();
        var secret = RegistrySecretFile.ReadOrCreate(agent.StatePath);
        foreach (var wrong in new[] { null, "", "x", secret[..^1], secret + "x", secret.ToUpperInvariant(), $"{secret},{secret}" })
        {
            foreach (var path in new[] { "/v2/", "/", $"/v2/team/app/blobs/{nodes.Layer}", "/v2/team/app/manifests/1?ns=registry.test" })
            {
                using var answer = await SendAsync(agent, agent.Registry, path, wrong);
                answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{path} with {wrong}");
                answer.Headers.WwwAuthenticate.ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public async Task With_the_secret_it_serves_and_peers_need_none()
    {
        await using var agent = await StartAsync();
        var secret = RegistrySecretFile.ReadOrCreate(agent.StatePath);
        foreach (var path in new[] { "/v2/", $"/v2/team/app/blobs/{nodes.Layer}", "/v2/team/app/manifests/1?ns=registry.test" })
        {
            using var answer = await SendAsync(agent, agent.Registry, path, secret);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var peer = await SendAsync(agent, agent.Peer, path, null);
            peer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private async Task<TestAgent> StartAsync() => await TestAgent.StartAsync(
        await nodes.HoldingAsync(), [], options => options with { RegistryAuthentication = RegistryAuthentication.Header });

    private static async Task<HttpResponseMessage> SendAsync(TestAgent agent, IPEndPoint listener, string path, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"http://{listener}{path}");
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation(RegistrySecretFile.HeaderName, secret).ShouldBeTrue();
        }

        return await agent.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

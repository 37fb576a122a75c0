using System.Net;
using System.Net.Sockets;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;
using Peili.NodeAgent.Tests.Support;

namespace Peili.Kubernetes.Tests.Rest;

/// <summary>Answers that no decent server gives, or only on a bad day.</summary>
public sealed class ClientFaultTests
{
    private const string Item = """{"metadata":{"name":"a","namespace":"n","resourceVersion":"1"}}""";

    [Fact]
    public async Task A_refused_token_is_renewed_and_the_call_sent_once_more()
    {
        var api = new FakeApi(request => Task.FromResult(request.Headers.Authorization?.Parameter == "new" ? FakeApi.Json(Item) : FakeApi.Refusal(401, "Unauthorized")));
        using var client = api.Client(credentials: new ChangingCredentials("old", "new", "newer"));

        (await client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation)).ShouldNotBeNull();
        api.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_token_that_is_refused_again_is_the_callers_to_hear_of()
    {
        var api = new FakeApi(_ => Task.FromResult(FakeApi.Refusal(401, "Unauthorized")));
        using var client = api.Client(credentials: new ChangingCredentials("old", "new", "newer"));

        (await Should.ThrowAsync<KubernetesException>(() => client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation)))
            .StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        api.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_breaks_the_moment_it_is_made_is_no_answer()
    {
        var api = new FakeApi(_ => throw new SocketException((int)SocketError.NotConnected));
        using var client = api.Client();

        (await Should.ThrowAsync<KubernetesException>(() => client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation))).StatusCode.ShouldBeNull();
    }

    [Fact]
    public async Task A_list_whose_pages_expire_is_read_at_once()
    {
        var api = new FakeApi(request => Task.FromResult(request.RequestUri!.Query switch
        {
            "?limit=500" => FakeApi.Json($$$"""{"metadata":{"resourceVersion":"5","continue":"next"},"items":[{{{Item}}}]}"""),
            "?limit=500&continue=next" => FakeApi.Refusal(410, "Expired"),
            "" => FakeApi.Json($$$"""{"metadata":{"resourceVersion":"9"},"items":[{{{Item}}},{{{Item}}}]}"""),
            var other => throw new InvalidOperationException(other),
        }));
        using var client = api.Client();

        var list = await client.ListAsync(ConfigMap.ResourceKind, new ListOptions(), Cancellation);

        (list.Items.Count, list.ResourceVersion).ShouldBe((2, "9"));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up()
    {
        var time = new ManualTimeProvider();
        var api = new FakeApi(_ => new TaskCompletionSource<HttpResponseMessage>().Task);
        using var client = api.Client(new KubernetesClientOptions { TimeProvider = time });
        var call = client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation);

        time.Advance(TimeSpan.FromSeconds(30));

        (await Should.ThrowAsync<KubernetesException>(call)).Message.ShouldContain("no answer within 30 s");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_beyond_the_bound_is_refused(bool announced)
    {
        var api = new FakeApi(_ =>
        {
            var answer = FakeApi.Stream(new MemoryStream(new byte[2000]));
            answer.Content.Headers.ContentLength = announced ? 2000 : null;
            return Task.FromResult(answer);
        });
        using var client = api.Client(new KubernetesClientOptions { MaxAnswerBytes = 1000 });

        (await Should.ThrowAsync<KubernetesException>(() => client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation)))
            .Message.ShouldContain("longer than 1000 bytes");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("""{"metadata":3}""")]
    public async Task An_answer_that_is_none_is_told_with_its_request(string body)
    {
        using var client = new FakeApi(_ => Task.FromResult(FakeApi.Json(body))).Client();

        (await Should.ThrowAsync<KubernetesException>(() => client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation)))
            .Message.ShouldStartWith("GET api/v1/namespaces/n/configmaps/a: the answer cannot be read");
    }

    [Fact]
    public async Task A_refusal_in_plain_text_is_a_refusal_too()
    {
        using var client = new FakeApi(_ => Task.FromResult(FakeApi.Json("upstream is ill", HttpStatusCode.BadGateway))).Client();

        var refusal = await Should.ThrowAsync<KubernetesException>(() => client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation));

        (refusal.StatusCode, refusal.Message).ShouldBe((HttpStatusCode.BadGateway, "the API server answered 502: upstream is ill"));
    }

    [Fact]
    public async Task Impersonation_is_told_in_headers_and_the_path_of_the_address_stays()
    {
        var api = new FakeApi(_ => Task.FromResult(FakeApi.Json(Item)));
        using var client = api.Client(impersonation: new Impersonation
        {
            User = "jane",
            Uid = "7",
            Groups = ["a", "b"],
            Extra = new Dictionary<string, IReadOnlyList<string>> { ["example.com/scope"] = ["x"] },
        });
        await client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation);

        var request = api.Requests.ShouldHaveSingleItem();
        request.RequestUri.ShouldBe(new Uri("http://api.test/prefix/api/v1/namespaces/n/configmaps/a"));
        request.Headers.GetValues("Impersonate-User").ShouldBe(["jane"]);
        request.Headers.GetValues("Impersonate-Uid").ShouldBe(["7"]);
        request.Headers.GetValues("Impersonate-Group").ShouldBe(["a", "b"]);
        request.Headers.GetValues("Impersonate-Extra-example.com%2Fscope").ShouldBe(["x"]);
    }

    [Theory]
    [InlineData(null, "a")]
    [InlineData("n", "")]
    [InlineData("n", "..")]
    [InlineData("n", "a/b")]
    public void A_key_that_would_lead_elsewhere_is_refused(string? inNamespace, string name)
    {
        using var client = new FakeApi(_ => throw new InvalidOperationException()).Client();
        Should.Throw<ArgumentException>(() => client.GetAsync(ConfigMap.ResourceKind, new(inNamespace, name), Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Another token each time the last one was refused.</summary>
    private sealed class ChangingCredentials(params string[] tokens) : ICredentialSource
    {
        private readonly Queue<Credential> _left = new(tokens.Select(token => new Credential($"Bearer {token}", null)));

        public ValueTask<Credential> GetAsync(Credential? rejected, CancellationToken cancellationToken)
        {
            if (ReferenceEquals(_left.Peek(), rejected))
            {
                _left.Dequeue();
            }

            return new(_left.Peek());
        }
    }
}

using System.Net;
using System.Text.Json;
using Peili.Page.Tests.Support;
using Peili.Pages;

namespace Peili.Page.Tests;

/// <summary>How the listener for people answers, browser or not.</summary>
public sealed class ServingTests(Scenes scenes) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    [Theory]
    [InlineData("/", "localhost", 200)]
    [InlineData("/", "localhost:8080", 200)]
    [InlineData("/", "127.0.0.1:29952", 200)]
    [InlineData("/", "[::1]:29952", 200)]
    [InlineData("/", "rebound.example", 421)]
    [InlineData("/status", "localhost.example", 421)]
    [InlineData("/locate?ref=redis", "rebound.example:29952", 421)]
    [InlineData("/images", "rebound.example", 421)]
    [InlineData("/check", "rebound.example", 421)]
    [InlineData("/events", "rebound.example", 421)]
    [InlineData("/", "203.0.113.7", 421)]
    [InlineData("/livez", "anything.example", 200)]
    [InlineData("/readyz", "anything.example", 503)]
    public async Task Only_probes_are_answered_under_a_name_that_is_not_its_own(string path, string host, int status)
    {
        using var answer = await SendAsync(path, ("Host", host));

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("cross-site", "no-cors", 403)]
    [InlineData("same-site", "cors", 403)]
    [InlineData("same-origin", "cors", 200)]
    [InlineData("cross-site", "navigate", 200)]
    public async Task Another_sites_page_reads_nothing(string site, string mode, int status)
    {
        using var answer = await SendAsync("/status", ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode));

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task A_browser_is_told_to_run_and_load_nothing_but_the_pages_own()
    {
        using var answer = await SendAsync("/");

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        using var again = await SendAsync("/", ("If-None-Match", answer.Headers.ETag!.ToString()));
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task So_many_pages_listen_and_one_more_is_told_to_wait()
    {
        await using var node = await PageNode.StartAsync(options => options);
        var listening = new List<HttpResponseMessage>();
        for (var page = 0; page < EventStream.MostListeners; page++)
        {
            listening.Add(await _client.GetAsync(new Uri(node.Page, "events"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken));
        }

        listening.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        using var more = await _client.GetAsync(new Uri(node.Page, "events"), TestContext.Current.CancellationToken);
        more.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        more.Headers.RetryAfter.ShouldNotBeNull();

        // Nor do they hold up an agent that is told to stop: it would give a transfer a minute.
        await node.StopAsync().WaitAsync(TimeSpan.FromSeconds(50), TestContext.Current.CancellationToken);
        foreach (var answer in listening)
        {
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("event: beat\ndata: ");
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Images_come_by_the_page_and_a_filter_has_a_bound()
    {
        var node = await scenes.ThreeAsync();
        using var images = JsonDocument.Parse(await _client.GetStringAsync(new Uri(node.Page, "images?filter=app:2"), TestContext.Current.CancellationToken));

        images.RootElement.GetProperty("total").GetInt32().ShouldBe(2);
        images.RootElement.GetProperty("matching").GetInt32().ShouldBe(1);
        images.RootElement.GetProperty("images")[0].GetProperty("name").GetString().ShouldBe("docker.io/library/redis:7");
        images.RootElement.GetProperty("images")[0].GetProperty("otherNames").EnumerateArray().Select(name => name.GetString()).ShouldContain("registry.example/team/app:29");
        images.RootElement.GetProperty("images")[0].GetProperty("blobCount").GetInt32().ShouldBe(6);
        using var refused = await _client.GetAsync(new Uri(node.Page, $"images?filter={new string('x', 257)}"), TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri((await scenes.AloneAsync()).Page, path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

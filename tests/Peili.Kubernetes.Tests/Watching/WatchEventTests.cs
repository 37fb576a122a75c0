using System.Text;
using System.Text.Json;
using Peili.Kubernetes.Tests.Support;
using Peili.Kubernetes.Watching;

namespace Peili.Kubernetes.Tests.Watching;

public sealed class WatchEventTests
{
    [Fact]
    public void An_object_is_read_whichever_comes_first()
    {
        var first = Parse("""{"type":"ADDED","object":{"metadata":{"name":"a","namespace":"n","resourceVersion":"7"},"data":{"k":"v"},"x":1}}""");
        var last = Parse("""{"object":{"metadata":{"name":"a","namespace":"n","resourceVersion":"8"}},"new":[{}],"type":"DELETED"}""");

        (first.Type, first.Resource!.Key.ToString(), first.ResourceVersion, first.Resource.Data!["k"]).ShouldBe((WatchEventType.Added, "n/a", "7", "v"));
        first.Resource.Unknown!.ShouldContainKey("x");
        (last.Type, last.ResourceVersion).ShouldBe((WatchEventType.Deleted, "8"));
    }

    [Fact]
    public void A_bookmark_has_a_version_and_an_error_a_status()
    {
        var bookmark = Parse("""{"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"9","creationTimestamp":null}}}""");
        var error = Parse("""{"type":"ERROR","object":{"kind":"Status","status":"Failure","reason":"Expired","code":410}}""");

        (bookmark.Type, bookmark.Resource, bookmark.ResourceVersion).ShouldBe((WatchEventType.Bookmark, null, "9"));
        (error.Type, error.Status!.Code, error.Status.Reason, error.Status.State).ShouldBe((WatchEventType.Error, 410, "Expired", "Failure"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":{}}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":"CHANGED","object":{"metadata":{"resourceVersion":"1"}}}""")]
    [InlineData("""{"type":7,"object":{"metadata":{"resourceVersion":"1"}}}""")]
    [InlineData("""{"object":{"metadata":{"resourceVersion":"1"}}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"resourceVersion":"1"}""")]
    public void What_is_no_event_is_refused(string line) => Should.Throw<JsonException>(() => Parse(line));

    [Fact]
    public async Task Lines_are_cut_at_line_feeds_and_a_line_cut_short_is_left_out()
    {
        await using var lines = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes("one\n\nthree\nfou")), 100);

        (await NextAsync(lines)).ShouldBe("one");
        (await NextAsync(lines)).ShouldBe("");
        (await NextAsync(lines)).ShouldBe("three");
        (await NextAsync(lines)).ShouldBeNull();
    }

    [Fact]
    public async Task A_line_longer_than_a_buffer_is_read_whole()
    {
        var longest = new string('x', 100_000);
        await using var lines = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes($"{longest}\nshort\n")), 200_000);

        (await NextAsync(lines)).ShouldBe(longest);
        (await NextAsync(lines)).ShouldBe("short");
    }

    [Fact]
    public void Waits_grow_from_800_ms_to_at_most_30_s()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(15), new Random(1));
        double[] waits = [.. Enumerable.Range(0, 40).Select(_ => backoff.Next().TotalSeconds)];

        waits[0].ShouldBeInRange(0.8, 1.6);
        waits[1].ShouldBeInRange(1.6, 3.2);
        waits[39].ShouldBeInRange(15, 30);
        backoff.Reset();
        backoff.Next().TotalSeconds.ShouldBeInRange(0.8, 1.6);
    }

    private static WatchEvent<ConfigMap> Parse(string line) => WatchEventParser.Parse(Encoding.UTF8.GetBytes(line), ConfigMap.ResourceKind);

    private static async Task<string?> NextAsync(LineReader lines) =>
        await lines.ReadAsync(TestContext.Current.CancellationToken) is { } line ? Encoding.UTF8.GetString(line.Span) : null;
}

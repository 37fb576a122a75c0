using System.Net;
using Peili.Containerd;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary>RFC 9110, section 14, on each kind of content.</summary>
public sealed class RangeTests(Nodes nodes)
{
    private static readonly string[] s_contents = ["layer", "configuration", "manifest", "tag"];

    private static readonly (Func<long, string> Range, Func<long, long> First, Func<long, long> Count)[] s_satisfiable =
    [
        (_ => "bytes=0-0", _ => 0, _ => 1),
        (_ => "bytes=100-149", _ => 100, _ => 50),
        (_ => "bytes=100-", _ => 100, length => length - 100),
        (length => $"bytes={length - 1}-{length - 1}", length => length - 1, _ => 1),
        (length => $"bytes={length - 10}-{length + 100}", length => length - 10, _ => 10),
        (_ => "bytes=-10", length => length - 10, _ => 10),
        (length => $"bytes=-{length + 5}", _ => 0, length => length),
    ];

    private static readonly Func<long, string>[] s_unsatisfiable =
        [length => $"bytes={length}-", length => $"bytes={length}-{length + 10}", _ => "bytes=-0"];

    private static readonly string[] s_ignored =
        ["bytes=5-2", "bytes=a-b", "bytes=", "bytes=-", "bytes=1-2,5-6", "items=0-5", "0-5", "bytes=99999999999999999999-"];

    public static TheoryData<Way, string, int> Satisfiable() => Rows(Enumerable.Range(0, s_satisfiable.Length));

    public static TheoryData<Way, string, int> Unsatisfiable() => Rows(Enumerable.Range(0, s_unsatisfiable.Length));

    public static TheoryData<Way, string, string> Ignored() => Rows(s_ignored);

    [Theory]
    [MemberData(nameof(Satisfiable))]
    public async Task A_part_is_answered_with_206_and_just_these_bytes(Way way, string content, int row)
    {
        var bytes = BytesOf(content);
        var (range, first, count) = s_satisfiable[row];
        var (from, length) = (first(bytes.Length), count(bytes.Length));

        using var answer = await SendAsync(way, content, range(bytes.Length));

        answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        answer.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes {from}-{from + length - 1}/{bytes.Length}");
        answer.Content.Headers.ContentLength.ShouldBe(length);
        answer.Headers.GetValues("Docker-Content-Digest").ShouldBe([$"{DigestOf(content)}"]);
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        body.AsSpan().SequenceEqual(bytes.AsSpan((int)from, (int)length)).ShouldBeTrue();
    }

    /// <summary>Through a peer with 200: only of a content fetched whole can the digest be checked, and then the end may be withheld.</summary>
    [Theory]
    [InlineData(Way.Local, 206)]
    [InlineData(Way.Relayed, 200)]
    [InlineData(Way.Peer, 206)]
    public async Task A_range_of_everything_is_answered_with_everything(Way way, int status)
    {
        foreach (var content in s_contents)
        {
            using var answer = await SendAsync(way, content, "bytes=0-");

            ((int)answer.StatusCode).ShouldBe(status);
            var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            body.AsSpan().SequenceEqual(BytesOf(content)).ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Unsatisfiable))]
    public async Task A_range_outside_is_answered_with_416_and_the_length(Way way, string content, int row)
    {
        var length = BytesOf(content).Length;

        using var answer = await SendAsync(way, content, s_unsatisfiable[row](length));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        answer.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes */{length}");
    }

    [Theory]
    [MemberData(nameof(Ignored))]
    public async Task What_is_not_one_well_formed_range_is_answered_whole(Way way, string content, string range)
    {
        using var answer = await SendAsync(way, content, range);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        body.AsSpan().SequenceEqual(BytesOf(content)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Way.Local)]
    [InlineData(Way.Relayed)]
    [InlineData(Way.Peer)]
    public async Task A_range_of_a_HEAD_is_ignored(Way way)
    {
        var contract = await nodes.ContractAsync();

        using var answer = await contract.SendAsync(way, HttpMethod.Head, PathOf("layer"), "bytes=1-2");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentLength.ShouldBe(BytesOf("layer").Length);
    }

    private static TheoryData<Way, string, T> Rows<T>(IEnumerable<T> cases)
    {
        var rows = new TheoryData<Way, string, T>();
        foreach (var each in cases)
        {
            foreach (var content in s_contents)
            {
                foreach (var way in Enum.GetValues<Way>())
                {
                    rows.Add(way, content, each);
                }
            }
        }

        return rows;
    }

    private async Task<HttpResponseMessage> SendAsync(Way way, string content, string range) =>
        await (await nodes.ContractAsync()).SendAsync(way, HttpMethod.Get, PathOf(content), range);

    private string PathOf(string content) => content switch
    {
        "layer" => $"/v2/team/app/blobs/{nodes.Layer}?ns=registry.test",
        "configuration" => $"/v2/team/app/blobs/{nodes.Configuration}?ns=registry.test",
        "manifest" => $"/v2/team/app/manifests/{nodes.Image.Target}?ns=registry.test",
        _ => "/v2/team/app/manifests/1?ns=registry.test",
    };

    private Digest DigestOf(string content) => content switch
    {
        "layer" => nodes.Layer,
        "configuration" => nodes.Configuration,
        _ => nodes.Image.Target,
    };

    private byte[] BytesOf(string content) => nodes.Image.Blobs[DigestOf(content)];
}

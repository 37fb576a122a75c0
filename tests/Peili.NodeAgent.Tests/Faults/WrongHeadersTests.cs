using System.Text;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Faults;

/// <summary>Fault injection: peers on bare sockets whose status or headers are not what the protocol allows.</summary>
public sealed class WrongHeadersTests(Nodes nodes)
{
    private const long Gigabyte = 1L << 30;

    [Theory]
    [InlineData(TestBlob.Small)]
    [InlineData(TestBlob.Large)]
    public Task A_holder_that_says_too_short_a_length_is_found_out(int length) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(length);
        var liar = scenario.Add(FakePeer.Holding(blob, async exchange =>
        {
            await exchange.SendHeadAsync(200, ("Content-Length", "10"));
            await exchange.SendAsync(blob.Bytes.AsMemory(0, 10));
        }));
        scenario.Add(FakePeer.HoldingOnce(() => liar.Gets.Count > 0, blob));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(blob);

        answer.Status.ShouldBe(200);
        answer.Body.ToArray().AsSpan().SequenceEqual(blob.Bytes).ShouldBeTrue();
        scenario.Agent.Statistics.WrongDigests.ShouldBe(1);
    });

    [Fact]
    public Task A_holder_that_says_too_long_a_length_sends_nothing_wrong() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        scenario.Add(FakePeer.Holding(blob, async exchange =>
        {
            await exchange.SendHeadAsync(200, ("Content-Length", $"{blob.Length + 10}"));
            await exchange.SendAsync(blob.Bytes);
            exchange.Close();
        }));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
    });

    [Fact]
    public Task After_a_small_wrong_blob_a_holder_that_says_a_huge_length_costs_no_memory() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        var wrong = scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendBlobAsync(blob, blob.Corrupted())));
        scenario.Add(FakePeer.HoldingOnce(() => wrong.Gets.Count > 0, blob, async exchange =>
        {
            await exchange.SendHeadAsync(200, ("Content-Length", $"{3 * Gigabyte}"));
            exchange.Close();
        }));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
    });

    [Theory]
    [InlineData("bytes=5-", 404)]
    [InlineData("bytes=5-9", 404)]
    [InlineData("bytes=-10", 404)]
    [InlineData("bytes=0-9", 206)]
    public Task An_answer_of_everything_to_a_range_serves_only_a_range_from_the_first_byte(string range, int status) =>
        AnswersRangeAsync(range, status, async (exchange, blob) =>
        {
            await exchange.SendHeadAsync(200, ("Content-Length", $"{blob.Length}"));
            await exchange.SendAsync(blob.Bytes);
        });

    [Theory]
    [InlineData("bytes=5-9", "bytes 6-10/N")]
    [InlineData("bytes=5-9", "bytes 5-9/*")]
    [InlineData("bytes=5-9", "bytes 5-9/7")]
    [InlineData("bytes=5-9", "bytes 9-5/N")]
    [InlineData("bytes=5-9", "items 5-9/N")]
    [InlineData("bytes=5-9", "nonsense")]
    [InlineData("bytes=-10", "bytes 0-9/N")]
    [InlineData("bytes=-10", "bytes 5-14/N")]
    public Task An_answer_of_another_part_than_asked_for_is_no_answer(string range, string contentRange) =>
        AnswersRangeAsync(range, 404, async (exchange, blob) =>
        {
            await exchange.SendHeadAsync(
                206, ("Content-Length", "5"), ("Content-Range", contentRange.Replace("N", $"{blob.Length}", StringComparison.Ordinal)));
            await exchange.SendAsync(blob.Bytes.AsMemory(5, 5));
        });

    [Fact]
    public Task An_answer_of_416_to_no_range_is_no_answer() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendEmptyAsync(416, ("Content-Range", $"bytes */{blob.Length}"))));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
    });

    [Theory]
    [InlineData(204)]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public Task Any_other_status_of_a_peer_is_a_miss_for_containerd(int status) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        (string, string)[] headers = [("Location", "http://127.0.0.1:1/"), ("WWW-Authenticate", "Basic realm=\"x\""), ("Retry-After", "60")];
        var peer = scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendEmptyAsync(status, headers)));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
        peer.Gets.Count.ShouldBe(1);
    });

    [Fact]
    public Task Endless_headers_are_a_miss() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        var line = Encoding.ASCII.GetBytes($"X-More: {new string('x', 1000)}\r\n");
        var peer = scenario.Add(FakePeer.Holding(blob, async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            while (true)
            {
                await exchange.SendAsync(line);
            }
        }));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
        peer.Gets.Count.ShouldBe(1);
    });

    [Fact]
    public Task What_is_not_HTTP_is_a_miss() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray())));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
    });

    [Fact]
    public Task A_body_of_unknown_length_is_a_miss() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(10);
        scenario.Add(FakePeer.Holding(blob, async exchange =>
        {
            await exchange.SendHeadAsync(200, ("Transfer-Encoding", "chunked"));
            await exchange.SendAsync((byte[])[.. "a\r\n"u8, .. blob.Bytes, .. "\r\n0\r\n\r\n"u8]);
        }));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
    });

    private Task AnswersRangeAsync(string range, int status, Func<FakeExchange, TestBlob, Task> answer) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        scenario.Add(FakePeer.Holding(blob, exchange => answer(exchange, blob)));
        await scenario.StartAsync();
        if (status == 404)
        {
            await scenario.IsNotFoundAsync(blob.Path, $"Range: {range}");
            return;
        }

        var answered = await scenario.FetchAsync(blob, $"Range: {range}");
        answered.Status.ShouldBe(status);
        answered.Body.ToArray().AsSpan().SequenceEqual(blob.Bytes.AsSpan(0, 10)).ShouldBeTrue();
    });
}

using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Faults;

/// <summary>Fault injection: peers on bare sockets whose bodies stand still, connection open.</summary>
public sealed class StalledBodyTests(Nodes nodes)
{
    [Fact]
    public Task A_body_that_stands_still_goes_on_from_another_holder() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Large);
        var first = scenario.Add(FakePeer.Holding(blob, exchange => SendThenHangAsync(exchange, blob, blob.Length / 2)));
        var second = scenario.Add(FakePeer.HoldingOnce(() => first.Gets.Count > 0, blob));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(blob);

        answer.Body.ToArray().AsSpan().SequenceEqual(blob.Bytes).ShouldBeTrue();

        // Once for the rest, and before that for all of it where a busy machine had the first request hedged.
        second.Gets.Count.ShouldBe(1 + (int)scenario.Agent.Statistics.Hedges);
        second.Gets[^1].Range.ShouldBe($"bytes={blob.Length / 2}-{blob.Length - 1}");
        scenario.Agent.Statistics.Resumptions.ShouldBe(1);
    });

    [Fact]
    public Task Without_another_holder_it_ends_in_order() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Large);
        scenario.Add(FakePeer.Holding(blob, exchange => SendThenHangAsync(exchange, blob, blob.Length / 2)));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(blob);

        answer.EndedShort.ShouldBeTrue();
        answer.WasReset.ShouldBeFalse();
    });

    [Theory]
    [InlineData(TestBlob.Small)]
    [InlineData(TestBlob.Large)]
    public Task A_holder_that_sends_headers_and_no_byte_is_a_miss(int length) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(length);
        scenario.Add(FakePeer.Holding(blob, exchange => SendThenHangAsync(exchange, blob, 0)));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
    });

    private static async Task SendThenHangAsync(FakeExchange exchange, TestBlob blob, int length)
    {
        await exchange.SendBlobHeadAsync(blob);
        await exchange.SendAsync(blob.Bytes.AsMemory(0, length));
        await exchange.HangAsync();
    }
}

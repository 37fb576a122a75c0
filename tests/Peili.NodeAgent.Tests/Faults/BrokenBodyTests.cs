using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Faults;

/// <summary>Fault injection: peers on bare sockets whose bodies end, or stand still, before they are whole.</summary>
public sealed class BrokenBodyTests(Nodes nodes)
{
    private readonly TestBlob _blob = TestBlob.Random(TestBlob.Large);

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99)]
    public Task A_body_cut_in_the_middle_goes_on_from_another_holder_at_the_same_byte(int percent) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var cut = (int)((long)_blob.Length * percent / 100);
        var first = scenario.Add(FakePeer.Holding(_blob, exchange => exchange.SendBlobShortAsync(_blob, cut)));
        var second = scenario.Add(FakePeer.HoldingOnce(() => first.Gets.Count > 0, _blob));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(_blob);

        ShouldBeWhole(answer);
        second.Gets[^1].Range.ShouldBe($"bytes={cut}-{_blob.Length - 1}");
        first.Gets.Count.ShouldBe(1);
        scenario.Agent.Statistics.Resumptions.ShouldBe(1);
        await scenario.Agent.TransfersEndAsync();
        scenario.Agent.Statistics.PeerBytes.ShouldBe(_blob.Length);
        scenario.Agent.Log.Errors.ShouldBeEmpty();
    });

    [Fact]
    public Task A_body_that_ends_with_RST_goes_on_too() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var first = scenario.Add(FakePeer.Holding(_blob, async exchange =>
        {
            await exchange.SendBlobHeadAsync(_blob);
            await exchange.SendAsync(_blob.Bytes.AsMemory(0, _blob.Length / 2));
            exchange.Reset();
        }));
        scenario.Add(FakePeer.HoldingOnce(() => first.Gets.Count > 0, _blob));
        await scenario.StartAsync();

        ShouldBeWhole(await scenario.FetchAsync(_blob));
        scenario.Agent.Statistics.Resumptions.ShouldBe(1);
    });

    [Fact]
    public Task A_body_cut_twice_goes_on_twice() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var first = scenario.Add(FakePeer.Holding(_blob, exchange => exchange.SendBlobShortAsync(_blob, 1_000_000)));
        var second = scenario.Add(FakePeer.HoldingOnce(() => first.Gets.Count > 0, _blob, exchange => exchange.SendBlobShortAsync(_blob, 2_000_000)));
        var third = scenario.Add(FakePeer.HoldingOnce(() => second.Gets.Count > 0, _blob));
        await scenario.StartAsync();

        ShouldBeWhole(await scenario.FetchAsync(_blob));

        // On a busy machine the first request is hedged: whoever has nothing yet is asked for all of it, too.
        third.Gets[^1].Range.ShouldBe($"bytes=3000000-{_blob.Length - 1}");
        scenario.Agent.Statistics.Resumptions.ShouldBe(2);
    });

    [Fact]
    public Task A_part_cut_in_the_middle_goes_on_within_the_part() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var first = scenario.Add(FakePeer.Holding(_blob, exchange => exchange.SendBlobShortAsync(_blob, 300_000)));
        var second = scenario.Add(FakePeer.HoldingOnce(() => first.Gets.Count > 0, _blob));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(_blob, "Range: bytes=1000000-1999999");

        answer.Status.ShouldBe(206);
        answer.Body.ToArray().AsSpan().SequenceEqual(_blob.Bytes.AsSpan(1_000_000, 1_000_000)).ShouldBeTrue();
        second.Gets[^1].Range.ShouldBe("bytes=1300000-1999999");
    });

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99)]
    public Task Without_another_holder_the_client_sees_an_orderly_end_short_of_the_length(int percent) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var cut = (int)((long)_blob.Length * percent / 100);
        scenario.Add(FakePeer.Holding(_blob, exchange => exchange.SendBlobShortAsync(_blob, cut)));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(_blob);

        answer.Status.ShouldBe(200);
        answer.ContentLength.ShouldBe(_blob.Length);
        answer.EndedShort.ShouldBeTrue();
        answer.WasReset.ShouldBeFalse();
        answer.Body.Length.ShouldBeInRange(cut - (64 * 1024), cut);
        answer.Body.ToArray().AsSpan().SequenceEqual(_blob.Bytes.AsSpan(0, (int)answer.Body.Length)).ShouldBeTrue();
        scenario.Agent.Statistics.Resumptions.ShouldBe(0);
        await scenario.Agent.TransfersEndAsync();
    });

    [Fact]
    public Task A_small_body_that_is_cut_comes_whole_from_another_holder() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var small = TestBlob.Random(TestBlob.Small);
        var first = scenario.Add(FakePeer.Holding(small, exchange => exchange.SendBlobShortAsync(small, small.Length / 2)));
        scenario.Add(FakePeer.HoldingOnce(() => first.Gets.Count > 0, small));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(small);

        answer.Status.ShouldBe(200);
        answer.Body.ToArray().AsSpan().SequenceEqual(small.Bytes).ShouldBeTrue();
    });

    [Theory]
    [InlineData(TestBlob.Small, true)]
    [InlineData(TestBlob.Large, true)]
    [InlineData(TestBlob.Small, false)]
    [InlineData(TestBlob.Large, false)]
    public Task A_holder_that_closes_after_its_headers_costs_nothing_but_time(int length, bool another) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(length);
        var first = scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendBlobShortAsync(blob, 0)));
        if (another)
        {
            scenario.Add(FakePeer.HoldingOnce(() => first.Gets.Count > 0, blob));
        }

        await scenario.StartAsync();
        if (!another)
        {
            await scenario.IsNotFoundAsync(blob.Path);
            first.Gets.Count.ShouldBe(1);
            return;
        }

        var answer = await scenario.FetchAsync(blob);
        answer.Status.ShouldBe(200);
        answer.Body.ToArray().AsSpan().SequenceEqual(blob.Bytes).ShouldBeTrue();
    });

    private void ShouldBeWhole(RawResponse answer)
    {
        answer.Status.ShouldBe(200);
        answer.EndedShort.ShouldBeFalse();
        answer.Body.ToArray().AsSpan().SequenceEqual(_blob.Bytes).ShouldBeTrue();
    }
}

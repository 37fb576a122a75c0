using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.Tests.Faults;

/// <summary>Fault injection: peers on bare sockets that send other bytes than the digest says.</summary>
public sealed class WrongBytesTests(Nodes nodes)
{
    [Theory]
    [InlineData("")]
    [InlineData("Range: bytes=0-")]
    public Task A_small_wrong_blob_is_fetched_again_from_another_holder_before_a_byte_is_sent(string range) => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        var wrong = scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendBlobAsync(blob, blob.Corrupted())));
        scenario.Add(FakePeer.HoldingOnce(() => wrong.Gets.Count > 0, blob));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(blob, range.Length > 0 ? [range] : []);

        answer.Status.ShouldBe(200);
        answer.Body.ToArray().AsSpan().SequenceEqual(blob.Bytes).ShouldBeTrue();
        scenario.Agent.Statistics.WrongDigests.ShouldBe(1);
        scenario.Agent.Health.SentWrong(wrong.Peer, blob.Digest).ShouldBeTrue();
        scenario.Agent.Locator.IsAvoided(wrong.Peer).ShouldBeFalse();
        scenario.Agent.Log.Errors.ShouldHaveSingleItem().ShouldContain($"{wrong.Peer}");
    });

    [Fact]
    public Task A_small_wrong_blob_that_nobody_else_has_is_a_miss_and_not_asked_for_again() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Small);
        var wrong = scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendBlobAsync(blob, blob.Corrupted())));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(blob.Path);
        await scenario.IsNotFoundAsync(blob.Path);

        wrong.Gets.Count.ShouldBe(1);
        scenario.Agent.Statistics.WrongDigests.ShouldBe(1);
        scenario.Agent.Statistics.PeerBytes.ShouldBe(0);
    });

    [Fact]
    public Task Of_a_large_wrong_blob_the_end_never_arrives_and_its_sender_is_avoided_for_it() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Large);
        var wrong = scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendBlobAsync(blob, blob.Corrupted())));
        await scenario.StartAsync();

        var answer = await scenario.FetchAsync(blob);

        answer.Status.ShouldBe(200);
        answer.EndedShort.ShouldBeTrue();
        answer.WasReset.ShouldBeFalse();
        answer.Body.Length.ShouldBe(blob.Length - TransferLimits.WithheldTail);
        scenario.Agent.Statistics.WrongDigests.ShouldBe(1);
        scenario.Agent.Health.SentWrong(wrong.Peer, blob.Digest).ShouldBeTrue();
        scenario.Agent.Locator.IsAvoided(wrong.Peer).ShouldBeFalse();
        scenario.Agent.Log.Errors.ShouldHaveSingleItem().ShouldContain($"{blob.Digest}");

        await scenario.IsNotFoundAsync(blob.Path);
        wrong.Gets.Count.ShouldBe(1);
    });

    [Fact]
    public Task After_a_large_wrong_blob_the_next_request_gets_it_from_another_holder() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var blob = TestBlob.Random(TestBlob.Large);
        var wrong = scenario.Add(FakePeer.Holding(blob, exchange => exchange.SendBlobAsync(blob, blob.Corrupted())));
        scenario.Add(FakePeer.HoldingOnce(() => wrong.Gets.Count > 0, blob));
        await scenario.StartAsync();
        (await scenario.FetchAsync(blob)).EndedShort.ShouldBeTrue();

        var answer = await scenario.FetchAsync(blob);

        answer.EndedShort.ShouldBeFalse();
        answer.Body.ToArray().AsSpan().SequenceEqual(blob.Bytes).ShouldBeTrue();
        wrong.Gets.Count.ShouldBe(1);
    });

    [Fact]
    public Task A_right_blob_under_another_digest_than_the_one_asked_for_is_wrong() => FaultScenario.RunAsync(nodes, async scenario =>
    {
        var asked = TestBlob.Random(TestBlob.Small);
        var sent = TestBlob.Random(TestBlob.Small);
        scenario.Add(FakePeer.Holding(asked, exchange => exchange.SendBlobAsync(sent)));
        await scenario.StartAsync();

        await scenario.IsNotFoundAsync(asked.Path);
        scenario.Agent.Statistics.WrongDigests.ShouldBe(1);
    });
}

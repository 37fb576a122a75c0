using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Peers;

public sealed class PeerHealthTests : IAsyncDisposable
{
    private static readonly Peer s_peer = new(IPEndPoint.Parse("192.0.2.1:29951"));
    private static readonly Peer s_other = new(IPEndPoint.Parse("192.0.2.2:29951"));

    private readonly ManualTimeProvider _time = new();
    private readonly PeerClient _client = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PeerHealth _health;
    private Task _running = Task.CompletedTask;

    public PeerHealthTests() => _health = new PeerHealth(_client, _time, NullLogger<PeerHealth>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
        _client.Dispose();
    }

    [Fact]
    public void A_peer_that_failed_is_avoided_for_everything()
    {
        _health.ReportFailure(s_peer, "refused");

        _health.IsAvoided(s_peer, null).ShouldBeTrue();
        _health.IsAvoided(s_peer, DigestOf(1)).ShouldBeTrue();
        _health.IsAvoided(s_other, null).ShouldBeFalse();
    }

    [Fact]
    public void A_peer_that_sent_a_wrong_blob_is_avoided_for_that_blob_for_ten_minutes()
    {
        _health.ReportWrongBlob(s_peer, DigestOf(1));

        _health.IsAvoided(s_peer, DigestOf(1)).ShouldBeTrue();
        _health.IsAvoided(s_peer, DigestOf(2)).ShouldBeFalse();
        _health.IsAvoided(s_peer, null).ShouldBeFalse();
        _health.IsAvoided(s_other, DigestOf(1)).ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(9.9));
        _health.IsAvoided(s_peer, DigestOf(1)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(0.2));
        _health.IsAvoided(s_peer, DigestOf(1)).ShouldBeFalse();
    }

    [Fact]
    public void What_is_remembered_of_wrong_blobs_is_bounded_and_the_newest_stay()
    {
        const int Reported = 10_000;
        for (var number = 0; number < Reported; number++)
        {
            _health.ReportWrongBlob(s_peer, DigestOf(number));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        _health.IsAvoided(s_peer, DigestOf(Reported - 1)).ShouldBeTrue();
        Enumerable.Range(0, Reported).Count(number => _health.IsAvoided(s_peer, DigestOf(number))).ShouldBeInRange(1000, 4096);
    }

    [Fact]
    public async Task A_failed_peer_is_asked_again_once_it_answers_a_probe()
    {
        var status = 503;
        await using var peer = new FakePeer(exchange => exchange.SendEmptyAsync(Volatile.Read(ref status)));
        _running = _health.RunAsync(_stop.Token);
        _health.ReportFailure(peer.Peer, "broken");

        await AdvanceUntilAsync(() => peer.Probes >= 3, "it is probed");
        _health.IsAvoided(peer.Peer, null).ShouldBeTrue();
        Volatile.Write(ref status, 200);
        await AdvanceUntilAsync(() => !_health.IsAvoided(peer.Peer, null), "it is back");

        var probes = peer.Probes;
        _time.Advance(TimeSpan.FromMinutes(1));
        peer.Probes.ShouldBe(probes);
    }

    [Fact]
    public async Task A_peer_that_never_answers_a_probe_neither_ends_nor_blocks_the_probes()
    {
        await using var silent = FakePeer.Silent();
        await using var back = FakePeer.Holding(TestBlob.Random(1));
        _running = _health.RunAsync(_stop.Token);
        _health.ReportFailure(silent.Peer, "silent");
        await AdvanceUntilAsync(() => silent.Probes >= 2, "it is probed again");

        _health.ReportFailure(back.Peer, "restarting");
        await AdvanceUntilAsync(() => !_health.IsAvoided(back.Peer, null), "the other one is back");

        _health.IsAvoided(silent.Peer, null).ShouldBeTrue();
        _running.IsCompleted.ShouldBeFalse();
    }

    private static Digest DigestOf(int number) => Digest.Of(SHA256.HashData(BitConverter.GetBytes(number)));

    private Task AdvanceUntilAsync(Func<bool> condition, string what) => Eventually.IsTrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            return condition();
        },
        what);
}

using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Peers;

public sealed class PeerHealthTests
{
    private static readonly Peer s_peer = FixedLocator.PeerAt(IPEndPoint.Parse("192.0.2.1:29951"));
    private static readonly Peer s_other = FixedLocator.PeerAt(IPEndPoint.Parse("192.0.2.2:29951"));

    private readonly ManualTimeProvider _time = new();
    private readonly FixedLocator _locator = new();
    private readonly PeerHealth _health;

    public PeerHealthTests() => _health = new PeerHealth(_locator, _time, NullLogger<PeerHealth>.Instance);

    [Fact]
    public void A_peer_that_failed_is_not_offered_any_more()
    {
        _health.ReportFailure(s_peer, "refused");

        _locator.IsAvoided(s_peer).ShouldBeTrue();
        _locator.IsAvoided(s_other).ShouldBeFalse();
        _health.SentWrong(s_peer, DigestOf(1)).ShouldBeFalse();
    }

    [Fact]
    public void A_peer_that_sent_a_wrong_blob_is_avoided_for_that_blob_for_ten_minutes()
    {
        _health.ReportWrongBlob(s_peer, DigestOf(1));

        _health.SentWrong(s_peer, DigestOf(1)).ShouldBeTrue();
        _health.SentWrong(s_peer, DigestOf(2)).ShouldBeFalse();
        _locator.IsAvoided(s_peer).ShouldBeFalse();
        _health.SentWrong(s_other, DigestOf(1)).ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(9.9));
        _health.SentWrong(s_peer, DigestOf(1)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(0.2));
        _health.SentWrong(s_peer, DigestOf(1)).ShouldBeFalse();
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

        _health.SentWrong(s_peer, DigestOf(Reported - 1)).ShouldBeTrue();
        Enumerable.Range(0, Reported).Count(number => _health.SentWrong(s_peer, DigestOf(number))).ShouldBeInRange(1000, 4096);
    }

    private static Digest DigestOf(int number) => Digest.Of(SHA256.HashData(BitConverter.GetBytes(number)));
}

using System.Net;
using Peili.Overlay.Membership;
using Peili.Overlay.Security;

namespace Peili.Overlay.Tests;

/// <summary>Rule: so many transmissions, freshest news first (overlay.md, Membership).</summary>
public sealed class NewsQueueTests
{
    private readonly MemberView view = new();
    private readonly NewsQueue news = new();

    public NewsQueueTests()
    {
        for (var index = 0; index < 10; index++)
        {
            var address = PeerAddress.From(new IPEndPoint(IPAddress.Loopback, 1 + index));
            view.Add(
                MemberRecord.Create($"node-{index}", new BootId((ulong)index + 1, 0), 1, address, "", ""), 0, MemberState.Alive, MemberStatus.Ready, 1);
        }
    }

    [Fact]
    public void The_least_sent_goes_first_and_of_those_the_newest()
    {
        Put(0);
        Put(1);
        news.Sort();
        news.CountSent(2, 3, 16, view);
        Put(2);
        Put(3);
        news.Sort();
        Order().ShouldBe([3, 2, 1, 0]);
    }

    [Fact]
    public void News_is_sent_so_often_and_then_dropped()
    {
        Put(0);
        for (var round = 0; round < 5; round++)
        {
            news.CountSent(1, 3, 16, view);
            news.Count.ShouldBe(1);
        }

        news.CountSent(1, 3, 16, view);
        news.Count.ShouldBe(0);
        view[0].Flags.HasFlag(MemberFlags.Queued).ShouldBeFalse();
    }

    [Fact]
    public void Newer_news_of_a_member_replaces_older_and_is_sent_anew()
    {
        Put(0);
        Put(1);
        news.CountSent(2, 12, 16, view);
        Put(0);
        news.Count.ShouldBe(2);
        news.Sort();
        Order().ShouldBe([0, 1]);
        news.CountSent(2, 6, 16, view);
        Order().ShouldBe([0]);
    }

    private void Put(int member) => news.Put(ref view[member], member, withRecord: false, now: 1);

    private int[] Order()
    {
        var order = new List<int>();
        foreach (var item in news.Items)
        {
            order.Add(item.Member);
        }

        return [.. order];
    }
}

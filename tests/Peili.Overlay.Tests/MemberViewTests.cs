using System.Net;
using Peili.Overlay.Core;
using Peili.Overlay.Membership;
using Peili.Overlay.Security;

namespace Peili.Overlay.Tests;

public sealed class MemberViewTests
{
    [Fact]
    public void Names_and_sessions_are_found_after_any_changes()
    {
        var view = new MemberView();
        var random = new Random(1);
        var expected = new Dictionary<string, MemberRecord>(StringComparer.Ordinal);
        for (var step = 0; step < 5_000; step++)
        {
            var name = $"node-{random.Next(300)}";
            var record = Record(name, (ulong)random.NextInt64());
            var index = view.FindName(record.NameHash);
            index.ShouldBe(expected.ContainsKey(name) ? index : -1);
            if (index < 0)
            {
                view.Add(record, 0, MemberState.Alive, MemberStatus.Ready, step);
                expected[name] = record;
            }
            else if (random.Next(2) == 0)
            {
                view.Replace(index, record, 1, MemberState.Suspect, MemberStatus.Ready, step);
                expected[name] = record;
            }
            else
            {
                view.Remove(index);
                expected.Remove(name);
            }
        }

        view.Count.ShouldBe(expected.Count);
        view.LiveCount.ShouldBe(expected.Count);
        foreach (var record in expected.Values)
        {
            view[view.FindName(record.NameHash)].Record.ShouldBe(record);
            view[view.FindSession(record.Session)].Record.ShouldBe(record);
        }
    }

    /// <summary>Rule: views are compared by hash. Order, indexes, suspicion and the gone must not count, everything else must.</summary>
    [Fact]
    public void Two_views_of_the_same_members_have_the_same_hash()
    {
        var (one, other) = (new MemberView(), new MemberView());
        var records = Enumerable.Range(0, 100).Select(index => Record($"node-{index}", (ulong)index + 1)).ToArray();
        foreach (var record in records)
        {
            one.Add(record, 1, MemberState.Alive, MemberStatus.Ready, 1);
        }

        other.Add(Record("gone", 9999), 1, MemberState.Dead, MemberStatus.Ready, 1);
        foreach (var record in records.Reverse())
        {
            other.Add(record, 1, MemberState.Suspect, MemberStatus.Ready, 1);
        }

        other.Hash.ShouldBe(one.Hash);
        var member = other.FindName(records[3].NameHash);
        other.Set(member, 2, MemberState.Alive, MemberStatus.Ready, 2);
        other.Hash.ShouldNotBe(one.Hash);
        Enumerable.Range(0, MemberView.Buckets).Count(bucket => other.BucketHash(bucket) != one.BucketHash(bucket)).ShouldBe(1);
        one.Set(one.FindName(records[3].NameHash), 2, MemberState.Alive, MemberStatus.Ready, 2);
        other.Hash.ShouldBe(one.Hash);
    }

    [Fact]
    public void Successors_on_the_ring_of_names_are_all_others_once()
    {
        var view = new MemberView();
        for (var index = 0; index < 9; index++)
        {
            view.Add(Record($"node-{index}", (ulong)index + 1), 0, index == 4 ? MemberState.Dead : MemberState.Alive, MemberStatus.Ready, 1);
        }

        var seen = Enumerable.Range(1, 7).Select(places => view.FindSuccessor(0, places)).ToArray();
        seen.Order().ShouldBe([1, 2, 3, 5, 6, 7, 8]);
        view.FindSuccessor(0, 8).ShouldBe(-1);
    }

    [Fact]
    public void Choices_fall_evenly_on_whom_the_filter_takes()
    {
        var view = new MemberView();
        for (var index = 0; index < 20; index++)
        {
            view.Add(Record($"node-{index}", (ulong)index + 1), 0, index < 10 ? MemberState.Alive : MemberState.Dead, MemberStatus.Ready, 1);
        }

        var choice = new Choice(1);
        var chosen = new int[20];
        for (var count = 0; count < 9_000; count++)
        {
            chosen[view.Choose(ref choice, 3, default(LiveMembers))]++;
        }

        chosen[3].ShouldBe(0);
        chosen.Skip(10).ShouldAllBe(count => count == 0);
        chosen.Take(10).Where((_, index) => index != 3).ShouldAllBe(count => count > 800 && count < 1200);
    }

    private static MemberRecord Record(string name, ulong session) => MemberRecord.Create(
        name, new BootId(session, 1), 1, PeerAddress.From(new IPEndPoint(IPAddress.Loopback, 1)), "a", "");
}

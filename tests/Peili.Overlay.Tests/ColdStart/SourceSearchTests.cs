using Peili.Overlay.ColdStart;

namespace Peili.Overlay.Tests.ColdStart;

/// <summary>How a child looks for a parent (overlay.md, "The tree"): each test names the rule without which it fails.</summary>
public sealed class SourceSearchTests
{
    private const int MostTries = 24;

    private readonly SourceSearch _search = new();

    /// <summary>Rule: best first. Without it the tree that the tracker planned is not built.</summary>
    [Fact]
    public void Candidates_are_asked_in_their_order_and_then_the_tracker()
    {
        _search.Next().ShouldBeNull("a tracker must be asked first");
        _search.Offer(["a", "b", "c"]);
        TakeAll().ShouldBe(["a", "b", "c"]);
        _search.Next().ShouldBeNull();
        _search.IsHopeless.ShouldBeFalse();
    }

    /// <summary>Rule: nobody twice. Without it parents that name each other are asked in a circle.</summary>
    [Fact]
    public void Nobody_is_asked_twice_whoever_names_it()
    {
        _search.Offer(["a", "b", "a"]);
        _search.Next().ShouldBe("a");
        _search.Refused(["b", "c", "a", "c"]);
        TakeAll().ShouldBe(["c", "b"]);
        _search.Refused(["a", "b", "c"]);
        _search.Next().ShouldBeNull();
    }

    /// <summary>Rule: names from a full parent come before the rest. Without it the search climbs to the root instead of going down the tree.</summary>
    [Fact]
    public void Whom_a_full_parent_names_is_asked_before_the_other_candidates()
    {
        _search.Offer(["a", "b"]);
        _search.Next().ShouldBe("a");
        _search.Refused(["x", "y"]);
        _search.Next().ShouldBe("x");
        _search.Refused(["z"]);
        TakeAll().ShouldBe(["z", "y", "b"]);
    }

    /// <summary>Rule: a failed one never again. Without it a dead node is tried at every turn.</summary>
    [Fact]
    public void Who_failed_is_not_asked_again_whoever_names_it()
    {
        _search.Offer(["a", "b"]);
        _search.Fail(_search.Next()!);
        _search.Refused(["a"]);
        TakeAll().ShouldBe(["b"]);
        _search.Offer(["a", "b", "c"]);
        TakeAll().ShouldBe(["b", "c"]);
        _search.Failed.ShouldBe(["a"]);
    }

    /// <summary>Rule: a tracker's word is new. Without it those that were full a moment ago are never asked again, and nobody is left.</summary>
    [Fact]
    public void A_new_offer_has_those_again_that_only_refused_and_forgets_what_was_left()
    {
        _search.Offer(["a", "b", "left"]);
        _search.Next();
        _search.Fail(_search.Next()!);
        _search.Offer(["a", "b"]);
        TakeAll().ShouldBe(["a"]);
    }

    /// <summary>Rule: not for ever. Without it a child asks full parents until containerd gives up.</summary>
    [Fact]
    public void After_twenty_four_in_vain_it_is_hopeless_even_with_candidates_left()
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            _search.IsHopeless.ShouldBeFalse();
            _search.Offer(["a", "b"]);
            _search.Next().ShouldBe("a");
        }

        _search.IsHopeless.ShouldBeTrue();
        _search.Next().ShouldBeNull();
        _search.Refused(["c"]);
        _search.Next().ShouldBeNull();
    }

    /// <summary>Rule: progress begins the count anew. Without it a long download goes upstream after its 24th parent.</summary>
    [Fact]
    public void After_bytes_came_there_are_twenty_four_tries_again_with_those_that_are_left()
    {
        _search.Offer(Enumerable.Range(0, 60).Select(node => $"node-{node}"));
        TakeAll().Count.ShouldBe(MostTries);
        _search.Progressed();
        _search.IsHopeless.ShouldBeFalse();
        var second = TakeAll();
        second.Count.ShouldBe(MostTries);
        second[0].ShouldBe("node-24");
        _search.IsHopeless.ShouldBeTrue();
    }

    /// <summary>Rule: names are node names, byte for byte.</summary>
    [Fact]
    public void Names_that_differ_in_case_are_different_nodes()
    {
        _search.Offer(["node", "Node"]);
        _search.Fail("NODE");
        TakeAll().ShouldBe(["node", "Node"]);
    }

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (_search.Next() is { } next)
        {
            taken.Add(next);
        }

        return taken;
    }
}

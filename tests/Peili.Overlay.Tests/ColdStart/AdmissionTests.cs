using Peili.Overlay.ColdStart;

namespace Peili.Overlay.Tests.ColdStart;

/// <summary>Whom a parent serves (overlay.md, "The tree"): each test names the rule without which it fails.</summary>
public sealed class AdmissionTests
{
    private const long KeepsUpWithin = 8 * 1024 * 1024;
    private static readonly DirectoryKey s_blob = new(1, 2, 3, 4);
    private static readonly DirectoryKey s_other = new(5, 6, 7, 8);

    private readonly Admission _admission = new();
    private long _mark = 100 * KeepsUpWithin;

    /// <summary>Rule: four are taken whatever. Without it a parent whose first child is slow leaves its link unused.</summary>
    [Fact]
    public void Four_are_taken_although_none_of_them_keeps_up()
    {
        for (var child = 0; child < 4; child++)
        {
            Admit($"child-{child}").Verdict.ShouldBe(AdmissionVerdict.Admitted);
        }

        Admit("child-4").Verdict.ShouldBe(AdmissionVerdict.Full);
        _admission.Count.ShouldBe(4);
    }

    /// <summary>Rule: more than four only while all keep within 8 MiB of the mark. Without it a link is shared by more than it can serve.</summary>
    [Fact]
    public void A_fifth_is_taken_only_while_all_four_keep_within_eight_mebibytes_of_the_mark()
    {
        var uploads = AdmitMany(4);
        foreach (var upload in uploads)
        {
            upload.Sent = _mark - KeepsUpWithin;
        }

        Admit("fifth", _mark).Verdict.ShouldBe(AdmissionVerdict.Admitted);
        uploads[2].Sent--;
        Admit("sixth", _mark).Verdict.ShouldBe(AdmissionVerdict.Full);
        uploads[2].Sent++;
        Admit("sixth", _mark).Verdict.ShouldBe(AdmissionVerdict.Admitted);
        _mark++;
        Admit("seventh", _mark).Verdict.ShouldBe(AdmissionVerdict.Full, "the mark is asked for at that moment");
    }

    /// <summary>Rule: over all blobs. Without it each blob's children are served worse by the others'.</summary>
    [Fact]
    public void A_child_of_another_blob_that_does_not_keep_up_counts_too()
    {
        AdmitMany(3, offset: _mark);
        Admit("slow", key: s_other);
        Admit("fifth", _mark).Verdict.ShouldBe(AdmissionVerdict.Full);
    }

    /// <summary>Rule: a cap. Without it a fast parent has any number of children.</summary>
    [Theory]
    [InlineData(16, 16)]
    [InlineData(5, 5)]
    [InlineData(1, 1)]
    public void More_than_the_most_uploads_are_never_taken(int most, int taken)
    {
        var admission = new Admission(most);
        for (var child = 0; child < 20; child++)
        {
            var verdict = admission.TryAdmit($"child-{child}", s_blob, 0, () => 0, []).Verdict;
            verdict.ShouldBe(child < taken ? AdmissionVerdict.Admitted : AdmissionVerdict.Full);
        }

        admission.Count.ShouldBe(taken);
    }

    /// <summary>Rule: sixteen, where nothing else is said.</summary>
    [Fact]
    public void Sixteen_are_the_most_by_default()
    {
        AdmitMany(16, offset: _mark).Length.ShouldBe(Admission.DefaultMostUploads);
        Admit("one more", _mark).Verdict.ShouldBe(AdmissionVerdict.Full);
    }

    /// <summary>Rule: a node on the path refuses. Without it two nodes stream from each other and neither gets a byte.</summary>
    [Fact]
    public void A_child_that_the_bytes_come_through_is_refused_as_a_loop()
    {
        var answer = _admission.TryAdmit("b", s_blob, 0, () => 0, ["a", "b", "c"]);
        answer.Verdict.ShouldBe(AdmissionVerdict.Loop);
        answer.Upload.ShouldBeNull();
        answer.Instead.ShouldBeEmpty();
        _admission.Count.ShouldBe(0);
        _admission.TryAdmit("d", s_blob, 0, () => 0, ["a", "b", "c"]).Verdict.ShouldBe(AdmissionVerdict.Admitted);
    }

    /// <summary>Rule: at most sixteen nodes on the path. Without it a chain grows without bound.</summary>
    [Fact]
    public void Below_sixteen_nodes_nobody_is_taken()
    {
        var path = Enumerable.Range(0, Admission.MaximumDepth).Select(node => $"node-{node}").ToArray();
        path.Length.ShouldBe(16);
        _admission.TryAdmit("child", s_blob, 0, () => 0, path).Verdict.ShouldBe(AdmissionVerdict.Loop);
        _admission.TryAdmit("child", s_blob, 0, () => 0, path[1..]).Verdict.ShouldBe(AdmissionVerdict.Admitted);
    }

    /// <summary>Rule: who is full names children of the same blob that are ahead of the asker. Without it the asker is sent to those that have nothing for it.</summary>
    [Fact]
    public void Who_is_full_names_children_of_the_same_blob_that_are_ahead_of_the_asker()
    {
        var uploads = AdmitMany(3);
        Admit("elsewhere", key: s_other).Upload!.Sent = 1000;
        uploads[0].Sent = 500;
        uploads[1].Sent = 501;
        uploads[2].Sent = 499;

        var answer = Admit("asker", 500);
        answer.Verdict.ShouldBe(AdmissionVerdict.Full);
        answer.Upload.ShouldBeNull();
        answer.Instead.ShouldBe(["child-1"]);
    }

    /// <summary>Rule: nobody is named to itself. Without it a node that reconnects is sent to itself.</summary>
    [Fact]
    public void Who_asks_again_is_not_named_to_itself()
    {
        var uploads = AdmitMany(4);
        uploads[0].Sent = 1000;
        uploads[1].Sent = 1000;
        Admit("child-0", 10).Instead.ShouldBe(["child-1"]);
    }

    /// <summary>Rule: three are named, the least named first. Without it all that are refused go to the same three.</summary>
    [Fact]
    public void Three_are_named_at_a_time_and_they_take_turns()
    {
        var admission = new Admission(6);
        for (var child = 0; child < 6; child++)
        {
            admission.TryAdmit($"child-{child}", s_blob, 0, () => 0, []).Upload!.Sent = 10;
        }

        admission.TryAdmit("x", s_blob, 0, () => 0, []).Instead.ShouldBe(["child-0", "child-1", "child-2"]);
        admission.TryAdmit("y", s_blob, 0, () => 0, []).Instead.ShouldBe(["child-3", "child-4", "child-5"]);
        admission.TryAdmit("z", s_blob, 0, () => 0, []).Instead.ShouldBe(["child-0", "child-1", "child-2"]);
    }

    /// <summary>Rule: the place is free at the stream's end, and once only. Without it a parent is full for ever, or frees another's place.</summary>
    [Fact]
    public void A_disposed_upload_frees_its_place_once()
    {
        var uploads = AdmitMany(4);
        Admit("fifth").Verdict.ShouldBe(AdmissionVerdict.Full);
        uploads[1].Dispose();
        uploads[1].Dispose();
        _admission.Count.ShouldBe(3);
        Admit("fifth").Verdict.ShouldBe(AdmissionVerdict.Admitted);
        Admit("sixth").Verdict.ShouldBe(AdmissionVerdict.Full);
    }

    /// <summary>Rule: an upload tells what it was admitted for.</summary>
    [Fact]
    public void An_upload_begins_at_the_offset_that_was_asked_for()
    {
        using var upload = Admit("child", 42, s_other).Upload.ShouldNotBeNull();
        upload.Child.ShouldBe("child");
        upload.Key.ShouldBe(s_other);
        upload.Sent.ShouldBe(42);
        upload.Mark.ShouldBe(_mark);
    }

    /// <summary>Rule: safe for many threads. Without it two children get the last place, or a place is lost.</summary>
    [Fact]
    public async Task Many_threads_never_take_more_places_than_there_are_and_give_all_back()
    {
        var admission = new Admission(6);
        var (streaming, most, admitted) = (0, 0, 0);
        using var start = new Barrier(4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                for (var round = 0; round < 500; round++)
                {
                    var taken = Enumerable.Range(0, 3).Select(at => admission.TryAdmit($"{worker}-{at}", s_blob, round, () => 0, []).Upload).OfType<Upload>().ToArray();
                    InterlockedMax(ref most, Interlocked.Add(ref streaming, taken.Length));
                    Interlocked.Add(ref admitted, taken.Length);
                    foreach (var upload in taken)
                    {
                        upload.Sent++;
                    }

                    Interlocked.Add(ref streaming, -taken.Length);
                    Array.ForEach(taken, upload => upload.Dispose());
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        most.ShouldBeInRange(1, 6);
        admitted.ShouldBeGreaterThanOrEqualTo(3);
        admission.Count.ShouldBe(0);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private AdmissionAnswer Admit(string child, long offset = 0, DirectoryKey? key = null) => _admission.TryAdmit(child, key ?? s_blob, offset, () => _mark, []);

    private Upload[] AdmitMany(int count, long offset = 0) =>
        [.. Enumerable.Range(0, count).Select(child => Admit($"child-{child}", offset).Upload.ShouldNotBeNull())];
}

namespace Peili.Overlay.ColdStart;

/// <summary>The bounds of the cold start.</summary>
internal static class ColdStartLimits
{
    /// <summary>How many are told of each holder of a small blob at a time.</summary>
    public const int Wave = 16;

    /// <summary>
    /// Children that the tracker means a member to have: with two, every link is full in both directions where upstream is as fast as the links,
    /// and with more the blob takes as many times as long. A full tree of 5,000 is twelve levels deep.
    /// </summary>
    public const int PlannedChildren = 2;

    /// <summary>Fetches that a tracker keeps; of more it knows nothing, and everybody goes upstream.</summary>
    public const int Fetches = 4_096;

    /// <summary>Members in all of a tracker's fetches; of more it knows nothing, and they go upstream. 100 bytes each.</summary>
    public const int Participants = 65_536;

    /// <summary>How many times as fast as the origins that were there an escaped one must be, for another to be granted.</summary>
    public const double EscapeGain = 1.5;

    /// <summary>An origin that has not been heard of for so long is none any more: longer than an agent takes to start anew.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>Somebody who is an origin already is made another one only after this: that long others may come who are none.</summary>
    public static readonly TimeSpan LoadedWait = TimeSpan.FromMilliseconds(40);

    /// <summary>After an origin's end its children are waited for so long: who has most goes on.</summary>
    public static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    /// <summary>Who has not asked again for so long is not waited for.</summary>
    public static readonly TimeSpan GatherStale = TimeSpan.FromMilliseconds(400);

    /// <summary>One more origin a blob, so often.</summary>
    public static readonly TimeSpan EscapeEvery = TimeSpan.FromSeconds(3);

    /// <summary>A member that was told of a small blob's holders and has not got it by now does not keep others waiting.</summary>
    public static readonly TimeSpan WavePatience = TimeSpan.FromSeconds(1);

    /// <summary>A child that has asked nothing for so long is not offered as a source any more.</summary>
    public static readonly TimeSpan ForgetChild = TimeSpan.FromMinutes(10);

    /// <summary>Silence after which a tracker is asked again, and after that the next one.</summary>
    public static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Who is told to wait asks again after <see cref="AskAgain"/>, and less and less often.</summary>
    public static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(200);
}

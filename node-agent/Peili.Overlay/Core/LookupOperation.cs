using Peili.Overlay.Directory;

namespace Peili.Overlay.Core;

/// <summary>One lookup on its way.</summary>
internal sealed class LookupOperation(DirectoryKey key, Trackers trackers, long start, Action<LookupResult> done)
{
    public DirectoryKey Key { get; } = key;

    /// <summary>In the order of asking: live ones that UDP reaches first.</summary>
    public Trackers Trackers { get; } = trackers;

    public long Start { get; } = start;

    public Action<LookupResult> Done { get; } = done;

    /// <summary>When each tracker was asked, in ticks; its count is how many were.</summary>
    public long[] AskedAt { get; } = new long[PlacementRule.Replicas];

    public int Asked { get; set; }

    /// <summary>Bits of the trackers that have answered.</summary>
    public int Answered { get; set; }

    /// <summary>Trackers that were sure that nobody has it.</summary>
    public int Sure { get; set; }

    /// <summary>Silent trackers were asked a second time.</summary>
    public bool IsRepeated { get; set; }

    public bool IsDirect { get; set; }

    /// <summary>Members asked directly that have not answered.</summary>
    public int DirectOpen { get; set; }
}

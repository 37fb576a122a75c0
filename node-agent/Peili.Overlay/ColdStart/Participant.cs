namespace Peili.Overlay.ColdStart;

/// <summary>One member's part in the fetch of a blob, as a tracker knows it.</summary>
internal sealed class Participant(ulong member, uint ordinal)
{
    /// <summary>The hash of its name: it survives the agent's restart.</summary>
    public ulong Member { get; } = member;

    /// <summary>Its place among those that have asked.</summary>
    public uint Ordinal { get; } = ordinal;

    public bool IsOrigin { get; set; }

    /// <summary>The request it was answered last.</summary>
    public ulong Request { get; set; }

    /// <summary>How many bytes it had when it was last heard of.</summary>
    public long Mark { get; set; }

    /// <summary>How many it had when it became an origin, or when another origin was left as too slow, whichever was later.</summary>
    public long MarkBefore { get; set; }

    /// <summary>In ticks.</summary>
    public long HeardAt { get; set; }

    /// <summary>When it first asked, in ticks.</summary>
    public long JoinedAt { get; init; }

    /// <summary>When it last said that its source is lost, in ticks; 0 for never.</summary>
    public long LostAt { get; set; }

    /// <summary>When it was told of a small blob's holders, in ticks; 0 for not.</summary>
    public long ToldAt { get; set; }

    /// <summary>The number of the question that it waits for the answer of; 0 when it does not wait.</summary>
    public uint Waiting { get; set; }
}

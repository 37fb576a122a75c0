using Peili.Overlay.Membership;

namespace Peili.Overlay.Core;

/// <summary>What one push-pull found.</summary>
internal sealed class SyncMerge
{
    private readonly HashSet<ulong> sessions;
    private readonly bool[] buckets = new bool[MemberView.Buckets];

    public SyncMerge(IEnumerable<ulong> sessions, IEnumerable<uint> differingBuckets)
    {
        this.sessions = [.. sessions];
        foreach (var bucket in differingBuckets)
        {
            buckets[bucket % MemberView.Buckets] = true;
        }
    }

    /// <summary>Members of which the other has older news.</summary>
    public List<int> Newer { get; } = [];

    /// <summary>Live sessions whose records are to be fetched, and what the other said of each.</summary>
    public List<ulong> Unknown { get; } = [];

    public List<(ulong Session, uint Incarnation, MemberStatus Status)> Rows { get; } = [];

    public int Changes { get; set; }

    public int Doubts { get; set; }

    /// <summary>Whether the other would have listed this member, had it known it.</summary>
    public bool Lacks(in MemberEntry entry) => buckets[MemberView.BucketOf(entry.NameHash)] && !sessions.Contains(entry.Session);

    public bool TryGetRow(ulong session, out uint incarnation, out MemberStatus status)
    {
        var row = Rows.Find(candidate => candidate.Session == session);
        (incarnation, status) = (row.Incarnation, row.Status);
        return row.Session == session;
    }
}

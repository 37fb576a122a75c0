using Peili.Overlay.ColdStart;

namespace Peili.Overlay;

/// <summary>The node's part in cold starts.</summary>
public sealed partial class OverlayNode
{
    /// <summary>
    /// Asks for this node's part in the fetch of a blob that its containerd has begun. Ends within the patience; with nothing when no tracker
    /// could tell, and then this node goes upstream as if there were no Peili.
    /// </summary>
    /// <param name="request">The question.</param>
    /// <param name="patience">How long to wait at most, where waiting is what the answer is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public ValueTask<Grant> AskRoleAsync(GrantRequest request, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.Offset, nameof(request));
        ArgumentOutOfRangeException.ThrowIfNegative(request.Size, nameof(request));
        var ended = new TaskCompletionSource<Grant>(TaskCreationOptions.RunContinuationsAsynchronously);
        AskRole(request, patience, ended.SetResult);
        return new ValueTask<Grant>(ended.Task.WaitAsync(cancellation));
    }

    /// <summary>Tells the trackers how far this node, an origin, is. Its lease ends two seconds after the last word, or with the blob's announcement.</summary>
    /// <param name="key">The blob.</param>
    /// <param name="phase">Whether bytes have come.</param>
    /// <param name="mark">How many.</param>
    public void ReportLease(DirectoryKey key, LeasePhase phase, long mark)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mark);
        lock (gate)
        {
            Core.Enter();
            Core.ReportLease(key, phase, mark);
            Arm();
        }
    }

    /// <summary>A live member by its name; null when there is none.</summary>
    /// <param name="name">A node name.</param>
    public LookupCandidate? FindMember(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (gate)
        {
            return Core.FindMember(name);
        }
    }

    internal void AskRole(in GrantRequest request, TimeSpan patience, Action<Grant> done)
    {
        lock (gate)
        {
            Core.Enter();
            Core.AskRole(request, patience, done);
            Arm();
        }
    }
}

namespace Peili.Overlay.Membership;

/// <summary>
/// One suspicion and who shares it. The time to refute shrinks from the longest to the shortest with the logarithm of the number of
/// independent confirmations (Lifeguard, IV.B).
/// </summary>
internal sealed class Suspicion(int member, long start, int wanted, TimeSpan shortest, TimeSpan longest)
{
    public const int MaximumReporters = 4;

    private readonly uint[] reporters = new uint[MaximumReporters];

    public int Member { get; } = member;

    public ReadOnlySpan<uint> Reporters => reporters.AsSpan(0, ReporterCount);

    public int ReporterCount { get; private set; }

    /// <summary>The suspect was pinged once more at the end; this is the answer's deadline, in ticks; 0 before.</summary>
    public long LastWordDue { get; set; }

    /// <summary>Time that this member itself was stalled, and so could not hear a refutation.</summary>
    public long Stalled { get; set; }

    public long Deadline
    {
        get
        {
            var confirmations = Math.Min(ReporterCount - 1, wanted);
            var share = wanted <= 0 ? 1.0 : Math.Log(confirmations + 1) / Math.Log(wanted + 1);
            var allowed = longest.Ticks - (long)(share * (longest.Ticks - shortest.Ticks));
            return start + Stalled + allowed;
        }
    }

    /// <summary>Whether the reporter is new and still counts: then its word is news for others as well.</summary>
    public bool TryConfirm(uint reporter)
    {
        if (ReporterCount > wanted || ReporterCount == MaximumReporters || reporters.AsSpan(0, ReporterCount).Contains(reporter))
        {
            return false;
        }

        reporters[ReporterCount++] = reporter;
        return true;
    }
}

namespace Peili.Overlay;

/// <summary>The answer to a lookup.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Candidates">Up to three holders other than this node, same zone first; none unless found.</param>
public sealed record LookupResult(LookupOutcome Outcome, IReadOnlyList<LookupCandidate> Candidates)
{
    internal static readonly LookupResult NotFound = new(LookupOutcome.NotFound, []);

    internal static readonly LookupResult Unsure = new(LookupOutcome.Unsure, []);
}

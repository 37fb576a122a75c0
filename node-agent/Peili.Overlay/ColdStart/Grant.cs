namespace Peili.Overlay.ColdStart;

/// <summary>A tracker's answer to a <see cref="GrantRequest"/>.</summary>
/// <param name="Kind">The role.</param>
/// <param name="Candidates">Up to three members to stream from, best first; the last is closest to the origin. Only a child has any.</param>
/// <param name="Ordinal">This node's place among those that ask for the blob: it streams from none of a higher one before there is a byte.</param>
public sealed record Grant(GrantKind Kind, IReadOnlyList<LookupCandidate> Candidates, uint Ordinal)
{
    internal static readonly Grant None = new(GrantKind.None, [], 0);
}

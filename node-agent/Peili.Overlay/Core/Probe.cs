namespace Peili.Overlay.Core;

/// <summary>One probe on its way: direct, then through helpers, then over TCP.</summary>
internal sealed class Probe(int member, ulong session, long sentAt)
{
    public int Member { get; } = member;

    public ulong Session { get; } = session;

    public long SentAt { get; } = sentAt;

    public ProbeStage Stage { get; set; } = ProbeStage.Direct;

    /// <summary>Helpers that have said neither "it answers" nor "it does not": when the end comes, they may be our fault.</summary>
    public int SilentHelpers { get; set; }
}

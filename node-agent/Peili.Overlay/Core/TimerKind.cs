namespace Peili.Overlay.Core;

/// <summary>What a timer is for; its number says which probe, suspicion, lookup or batch.</summary>
internal enum TimerKind : byte
{
    ProbeRound,
    Probe,
    ProbeAgain,
    HelpProbe,
    Gossip,
    Suspicion,
    Lookup,
    Role,
    Announce,
    Spread,
    Slice,
    Confirm,
    Warm,
    Join,
    Twin,
    Housekeeping,
}

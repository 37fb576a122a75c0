namespace Peili.Overlay.Core;

/// <summary>One announcement that a tracker has not acknowledged yet.</summary>
internal sealed class PendingAnnouncement(int tracker, Wire.Announce message)
{
    public int Tracker { get; } = tracker;

    public Wire.Announce Message { get; } = message;

    public int Attempts { get; set; } = 1;
}

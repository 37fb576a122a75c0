namespace Peili.Overlay.ColdStart;

/// <summary>How far an origin is.</summary>
public enum LeasePhase
{
    /// <summary>It was granted the role, and no byte has come yet.</summary>
    Granted = 0,

    /// <summary>Bytes have come.</summary>
    Fetching = 1,

    /// <summary>It fetches no more, and has not the blob either.</summary>
    Released = 2,
}

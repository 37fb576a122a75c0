namespace Peili.Containerd.Ingests;

/// <summary>How it goes with a blob that containerd is receiving, or was.</summary>
public enum GrowingBlobState
{
    /// <summary>containerd has opened it and no byte was seen to come since; what was found when watching began stays so until it grows.</summary>
    Waiting,

    /// <summary>Bytes come.</summary>
    Fetching,

    /// <summary>None came for too long after some had; a slow first byte is no stall, for containerd 2.x opens ingests before their turn has come. When they come again it is <see cref="Fetching"/> again.</summary>
    Stalled,

    /// <summary>
    /// containerd gave up for now, or died, and has kept what it has. A later pull may go on from there: then it is
    /// <see cref="Waiting"/> or <see cref="Fetching"/> again.
    /// </summary>
    Released,

    /// <summary>The blob is complete and in the content store. The end.</summary>
    Committed,

    /// <summary>The ingest was deleted, and no blob came of it. The end.</summary>
    Aborted,

    /// <summary>containerd threw away what it had and begins anew, with another <see cref="GrowingBlob"/>. The end.</summary>
    Truncated,
}

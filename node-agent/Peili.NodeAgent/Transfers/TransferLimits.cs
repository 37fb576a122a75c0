namespace Peili.NodeAgent.Transfers;

/// <summary>The bounds of the data path. Slow is worse than absent: containerd waits minutes for a mirror that neither answers nor closes.</summary>
internal static class TransferLimits
{
    /// <summary>Contents up to this size (manifests, configs) are verified before their first byte is sent.</summary>
    public const int MaxBuffered = 4 * 1024 * 1024;

    /// <summary>Of larger ones these last bytes are withheld until the digest is right.</summary>
    public const int WithheldTail = 64 * 1024;

    /// <summary>One read from a file or peer and one flush to the client.</summary>
    public const int Block = 128 * 1024;

    /// <summary>Silence of the first holder after which the second is asked too.</summary>
    public static readonly TimeSpan HedgeDelay = TimeSpan.FromMilliseconds(30);

    /// <summary>From the first request to a holder until one has sent headers.</summary>
    public static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Silence of a peer in the middle of a body after which it is asked whether it is there.</summary>
    public static readonly TimeSpan PeerDoubt = TimeSpan.FromMilliseconds(500);

    /// <summary>Silence of a peer in the middle of a body after which another one is asked, although it is there.</summary>
    public static readonly TimeSpan PeerStall = TimeSpan.FromSeconds(3);

    /// <summary>A client that takes no byte for this long is gone. Generous: a busy disk may hold containerd up.</summary>
    public static readonly TimeSpan ClientStall = TimeSpan.FromMinutes(2);
}

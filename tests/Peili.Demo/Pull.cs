namespace Peili.Demo;

/// <summary>One pull, as it was counted.</summary>
/// <param name="Node">Who pulled.</param>
/// <param name="Reference">What, as containerd was asked for it.</param>
/// <param name="ImageBytes">The size of all its blobs.</param>
/// <param name="UpstreamIsOn">Whether there was an upstream registry at that time.</param>
/// <param name="FromUpstream">Bytes of bodies that the registry's access log has for this node.</param>
/// <param name="FromPeers">Bytes that the node's agent handed to its containerd from other agents.</param>
/// <param name="Senders">Bytes that each of the other agents sent meanwhile; those that sent none are left out.</param>
/// <param name="Elapsed">What it took; whoever made the pull says from when to when.</param>
internal sealed record Pull(
    string Node,
    string Reference,
    long ImageBytes,
    bool UpstreamIsOn,
    long FromUpstream,
    long FromPeers,
    IReadOnlyDictionary<string, long> Senders,
    TimeSpan Elapsed)
{
    /// <summary>In words: by tag, or by digest.</summary>
    public string How => HowOf(Reference);

    /// <summary>Megabytes (10^6) a second, everything that it took included.</summary>
    public double Speed => (FromUpstream + FromPeers) / Elapsed.TotalSeconds / 1e6;

    /// <summary>How a reference names its image, in words.</summary>
    public static string HowOf(string reference) => reference.Contains('@', StringComparison.Ordinal) ? "by digest" : "by tag";
}

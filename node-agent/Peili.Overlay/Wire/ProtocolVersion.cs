namespace Peili.Overlay;

/// <summary>
/// The version of packets and bulk bodies. A node sends its own and reads one lower and one higher: messages are protobuf, whose
/// readers skip what they do not know, so N and N-1 understand each other while a cluster is updated.
/// </summary>
public static class ProtocolVersion
{
    /// <summary>What this build sends.</summary>
    public const byte Current = 1;

    /// <summary>Whether this build reads a message of that version.</summary>
    /// <param name="version">From a packet's first byte or a bulk body's first field.</param>
    public static bool IsUnderstood(uint version) => version is >= 1 and >= Current - 1 and <= Current + 1;
}

using System.Runtime.InteropServices;

namespace Peili.Overlay.ColdStart;

/// <summary>A question to a blob's trackers: what is this node's part in its fetch?</summary>
/// <param name="Key">The blob.</param>
/// <param name="Request">Which of this node's requests it is: asked twice, it is answered alike.</param>
/// <param name="Offset">How many bytes this node has already.</param>
/// <param name="Size">Of the blob, in bytes; 0 when it is not known.</param>
/// <param name="Reason">Why it asks.</param>
/// <param name="Load">
/// How many other blobs this node fetches from upstream while others want them: another one is better fetched by somebody else who asks at the same time.
/// </param>
/// <param name="Avoid">Node names of those that it wants none of; eight are told.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GrantRequest(DirectoryKey Key, ulong Request, long Offset, long Size, GrantReason Reason, int Load, IReadOnlyCollection<string> Avoid)
{
    /// <summary>Blobs up to this size, in bytes, come in one step: who waits for one is told when somebody has it all.</summary>
    public const long SmallBlob = 1024 * 1024;

    internal bool IsSmall => Size is > 0 and <= SmallBlob;
}

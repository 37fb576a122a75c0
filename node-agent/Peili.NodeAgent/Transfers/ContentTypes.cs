using Peili.Containerd;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>The Content-Type of what is served.</summary>
internal static class ContentTypes
{
    /// <summary>A blob's; what it is, its manifest says.</summary>
    public const string Blob = "application/octet-stream";

    /// <summary>A manifest says its media type itself; null for something asked for as a manifest that is none.</summary>
    public static string? Of(ContentKind kind, ReadOnlySpan<byte> bytes) => kind == ContentKind.Blob ? Blob : Manifest.DetectMediaType(bytes);
}

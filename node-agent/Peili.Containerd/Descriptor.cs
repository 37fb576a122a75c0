using System.Runtime.InteropServices;

namespace Peili.Containerd;

/// <summary>A reference to a blob, as in an OCI manifest or index.</summary>
/// <param name="MediaType">What the blob is said to be; empty where the reference does not say.</param>
/// <param name="Digest">The blob.</param>
/// <param name="Size">Its length in bytes, as said; 0 where the reference does not say.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Descriptor(string MediaType, Digest Digest, long Size);

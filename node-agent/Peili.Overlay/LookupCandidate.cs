using System.Runtime.InteropServices;

namespace Peili.Overlay;

/// <summary>A member that announced the key.</summary>
/// <param name="Name">Its node name.</param>
/// <param name="Address">Where it serves.</param>
/// <param name="Zone">Its zone.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LookupCandidate(string Name, PeerAddress Address, string Zone);

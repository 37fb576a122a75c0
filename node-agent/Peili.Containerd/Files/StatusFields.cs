using System.Runtime.InteropServices;

namespace Peili.Containerd.Files;

/// <summary>Those of <c>struct statx</c> (linux/stat.h) that are of use.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly struct StatusFields
{
    [FieldOffset(16)]
    public readonly uint Links;

    [FieldOffset(32)]
    public readonly ulong Inode;

    [FieldOffset(40)]
    public readonly ulong Size;

    [FieldOffset(112)]
    public readonly long ModifiedSeconds;

    [FieldOffset(120)]
    public readonly uint ModifiedNanoseconds;
}

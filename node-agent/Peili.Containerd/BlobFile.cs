using Microsoft.Win32.SafeHandles;

namespace Peili.Containerd;

/// <summary>A committed blob, open for reading. What is in it never changes, also when containerd deletes it meanwhile.</summary>
public sealed class BlobFile : IDisposable
{
    internal BlobFile(SafeFileHandle handle)
    {
        Handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>For positioned reads (<see cref="RandomAccess"/>); it ends with this object.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The blob's size in bytes.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}

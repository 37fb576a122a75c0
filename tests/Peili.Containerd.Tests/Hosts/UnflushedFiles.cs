using Peili.Containerd.Hosts;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>A disk that nothing is flushed to: thousands of writes would take minutes.</summary>
internal class UnflushedFiles : FileOperations
{
    public override void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = new FileStream(path, FileMode.CreateNew);
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        file.Write(content);
    }
}

namespace Peili.Containerd.Tests.Hosts;

/// <summary>A disk whose process dies at one of its operations: before it, or in the middle where there is one. Nothing is done afterwards.</summary>
/// <param name="survived">How many operations come first.</param>
/// <param name="inTheMiddle">Whether the one it dies at is half done.</param>
internal sealed class CrashingFiles(int survived, bool inTheMiddle) : UnflushedFiles
{
    private int _left = survived;

    public bool Crashed { get; private set; }

    public override void CreateDirectory(string path) => Do(() => base.CreateDirectory(path), () => base.CreateDirectory(path));

    public override void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var bytes = content.ToArray();
        Do(() => base.Write(path, bytes, mode), () => base.Write(path, bytes.AsSpan(0, bytes.Length / 2), mode));
    }

    public override void Rename(string from, string to) => Do(() => base.Rename(from, to), () => { });

    public override void RenameDirectory(string from, string to) => Do(() => base.RenameDirectory(from, to), () => { });

    public override void Delete(string path) => Do(() => base.Delete(path), () => { });

    public override void DeleteDirectory(string path) => Do(
        () => base.DeleteDirectory(path),
        () =>
        {
            if (Directory.GetFiles(path) is [var first, ..])
            {
                base.Delete(first);
            }
        });

    private void Do(Action whole, Action half)
    {
        if (!Crashed && _left-- > 0)
        {
            whole();
            return;
        }

        if (!Crashed && inTheMiddle)
        {
            half();
        }

        Crashed = true;
        throw new CrashException();
    }
}

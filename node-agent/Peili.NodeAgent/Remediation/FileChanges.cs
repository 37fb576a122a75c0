using System.Globalization;
using Peili.Containerd;
using Peili.Containerd.Hosts;

namespace Peili.NodeAgent.Remediation;

/// <summary>Writes a plan's files, and puts the old ones back.</summary>
/// <param name="host">The host.</param>
/// <param name="statePath">Where backups go, in a folder <c>remediation</c>: every version that was replaced, by time, and the first one for good.</param>
/// <param name="edits">The files.</param>
internal sealed class FileChanges(HostRoot host, string statePath, IReadOnlyList<FileEdit> edits)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Backs the files up and writes them, one after the other, each at once.</summary>
    /// <returns>The folder of the backups.</returns>
    /// <exception cref="IOException">A file was changed since it was read, or cannot be written; those written before are as they were.</exception>
    public string Apply(DateTimeOffset now)
    {
        var folder = Path.Combine(statePath, "remediation", now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var done = new Stack<FileEdit>();
        try
        {
            foreach (var edit in edits)
            {
                BackUp(edit, folder);
                done.Push(edit);
                Write(edit, edit.After);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Restore(done);
            throw;
        }

        return folder;
    }

    /// <summary>Puts the old files back; what did not exist is deleted.</summary>
    public void Undo() => Restore(edits.Reverse());

    private void BackUp(FileEdit edit, string folder)
    {
        var real = host.At(edit.Path);
        var now = File.Exists(real) ? File.ReadAllBytes(real) : null;
        if (!(now ?? []).AsSpan().SequenceEqual(edit.Before ?? []) || now is null != edit.Before is null)
        {
            throw new IOException($"{edit.Path} was changed by somebody else meanwhile");
        }

        if (edit.Before is { } before)
        {
            Save(folder + edit.Path, before, overwrite: true);
            Save(Path.Combine(statePath, "remediation", "original") + edit.Path, before, overwrite: false);
        }
    }

    /// <summary>Nobody but root reads it: a configuration may hold passwords.</summary>
    private static void Save(string path, byte[] content, bool overwrite)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly);
        if (overwrite || !File.Exists(path))
        {
            AtomicFile.Write(path, content, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private void Restore(IEnumerable<FileEdit> edited)
    {
        foreach (var edit in edited)
        {
            if (edit.Before is { } before)
            {
                Write(edit, before);
            }
            else
            {
                File.Delete(host.At(edit.Path));
            }
        }
    }

    private void Write(FileEdit edit, byte[] content)
    {
        var real = host.At(edit.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        AtomicFile.Write(real, content, edit.Mode(host));
    }
}

namespace Peili.Containerd.Hosts;

/// <summary>Writes a file of somebody else's after a backup, and puts it back.</summary>
internal static class EditedFile
{
    /// <summary>Backup first, then the file. At every moment the file is the old or the new one, and the backup is right for both.</summary>
    public static HostsChange Apply(FileOperations files, FileEdit edit)
    {
        var isOurs = edit.Current is not null && edit.Backup.IsOurs(edit.Current.Bytes);
        var folder = Path.GetDirectoryName(edit.Path)!;
        if (!isOurs)
        {
            edit.Backup.Save(edit.Original, hadFolder: Directory.Exists(folder) && (!edit.Backup.Exists || edit.Backup.HadFolder));
        }

        edit.Backup.SaveWritten(isOurs ? edit.Current!.Bytes : edit.Wanted.Bytes, edit.Wanted.Bytes, edit.Notes);
        if (Directory.Exists(folder))
        {
            AtomicFile.Write(files, TargetOf(edit.Path), edit.Wanted.Bytes, edit.Wanted.Mode);
        }
        else
        {
            AtomicFile.WriteInNewDirectory(files, edit.Path, edit.Wanted.Bytes, edit.Wanted.Mode);
        }

        return new HostsChange(edit.Path, HostsAction.Written);
    }

    /// <summary>Puts back what was there before us, of a file that nobody edited since.</summary>
    public static HostsChange Restore(FileOperations files, string file, FileBackup backup)
    {
        if (backup.Original is { } found)
        {
            AtomicFile.Write(files, TargetOf(file), found.Bytes, found.Mode);
            return new HostsChange(file, HostsAction.Restored);
        }

        var folder = Path.GetDirectoryName(file)!;
        if (!backup.HadFolder && Directory.EnumerateFileSystemEntries(folder).All(entry => entry == file))
        {
            AtomicFile.DeleteDirectory(files, folder);
        }
        else
        {
            files.Delete(file);
        }

        return new HostsChange(file, HostsAction.Removed);
    }

    /// <summary>Deletes the folder that we made for a file that somebody deleted: it would hide the default.</summary>
    public static void DeleteEmptyFolder(FileOperations files, string file, FileBackup backup)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (backup.Exists && !backup.HadFolder && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            AtomicFile.DeleteDirectory(files, folder);
        }
    }

    /// <summary>Removes what a crash left in a folder.</summary>
    public static void RemoveLeftovers(FileOperations files, string folder)
    {
        foreach (var leftover in Directory.GetDirectories(folder, AtomicFile.TemporaryPrefix + "*"))
        {
            files.DeleteDirectory(leftover);
        }

        foreach (var leftover in Directory.GetFiles(folder, AtomicFile.TemporaryPrefix + "*"))
        {
            files.Delete(leftover);
        }
    }

    /// <summary>A link stays one: the file it leads to is written.</summary>
    public static string TargetOf(string file) =>
        new FileInfo(file).LinkTarget is not null ? File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName : file;
}

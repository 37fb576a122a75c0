namespace Peili.Containerd.Hosts;

/// <summary>A file to write, after its backup.</summary>
/// <param name="Path">The file.</param>
/// <param name="Current">What it holds; null when there is none.</param>
/// <param name="Original">What it was before us, unless that is in the backup already; null when there was none.</param>
/// <param name="Wanted">What it is to hold.</param>
/// <param name="Backup">Its backup.</param>
/// <param name="Notes">As for <see cref="FileBackup.SaveWritten"/>.</param>
internal sealed record FileEdit(string Path, FileContent? Current, FileContent? Original, FileContent Wanted, FileBackup Backup, IReadOnlyList<string> Notes);

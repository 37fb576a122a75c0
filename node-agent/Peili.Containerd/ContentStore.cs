using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Peili.Containerd;

/// <summary>
/// The files of containerd's content store: <c>blobs/sha256/&lt;hex&gt;</c>, each complete since it was renamed there, and
/// <c>ingest/&lt;hash&gt;/{data,ref,total,..}</c>. They belong to every namespace; whose a blob is, only containerd itself knows.
/// </summary>
/// <param name="root">The directory, <c>io.containerd.content.v1.content</c> as a rule.</param>
public sealed partial class ContentStore(string root)
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int NoSuchFile = 2;
    private const int NotDirectory = 20;

    // A reference is a name of ours or of another client of containerd; longer than this it is none that matters here.
    private const int MaxNoteLength = 4096;

    private readonly string _ingests = Path.Combine(root, "ingest");

    /// <summary>The directory, as given.</summary>
    public string Root { get; } = root;

    /// <summary>The directory of the committed blobs; containerd makes it with the first.</summary>
    public string BlobDirectory { get; } = Path.Combine(root, "blobs", "sha256");

    /// <summary>Opens a blob; null when it is not there.</summary>
    /// <exception cref="IOException">It is there but cannot be opened, for want of the permission or of a file descriptor.</exception>
    public BlobFile? TryOpenBlob(Digest digest)
    {
        // File.OpenHandle tells a missing file by an exception, and a miss is an ordinary answer.
        var path = PathOf(digest);
        var handle = Open(path, ReadOnlyCloseOnExec);
        if (!handle.IsInvalid)
        {
            return new BlobFile(handle);
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error is NoSuchFile or NotDirectory
            ? null
            : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    /// <summary>Reads a small blob whole; null when it is not there or is longer than <paramref name="maxLength"/> bytes.</summary>
    /// <exception cref="IOException">It is there but cannot be read.</exception>
    public byte[]? TryReadBlob(Digest digest, int maxLength)
    {
        using var blob = TryOpenBlob(digest);
        if (blob is null || blob.Length > maxLength)
        {
            return null;
        }

        var bytes = new byte[blob.Length];
        var filled = 0;
        while (filled < bytes.Length)
        {
            var count = RandomAccess.Read(blob.Handle, bytes.AsSpan(filled), filled);
            if (count == 0)
            {
                throw new EndOfStreamException($"{digest} became shorter while it was read.");
            }

            filled += count;
        }

        return bytes;
    }

    /// <summary>
    /// Lists what is being received, in every namespace. Ingests come and go while this runs: one that goes is left out.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public IReadOnlyList<Ingest> ListIngests()
    {
        var ingests = new List<Ingest>();
        try
        {
            foreach (var directory in Directory.EnumerateDirectories(_ingests))
            {
                if (ReadIngest(directory) is { } ingest)
                {
                    ingests.Add(ingest);
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // containerd makes the directory with its first ingest.
        }

        return ingests;
    }

    /// <summary>Whether a blob's file is there, for whichever namespace.</summary>
    internal bool HasBlob(Digest digest) => File.Exists(PathOf(digest));

    private static Ingest? ReadIngest(string directory)
    {
        // "<namespace>/<number>/<reference>"; the reference may have slashes of its own.
        var data = new FileInfo(Path.Combine(directory, "data"));
        if (ReadNote(directory, "ref")?.Split('/', 3) is not [var owner, _, var reference] || !data.Exists)
        {
            return null;
        }

        var total = long.TryParse(ReadNote(directory, "total"), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : (long?)null;
        return new Ingest(owner, reference, data.FullName, data.Length, total, new DateTimeOffset(data.LastWriteTimeUtc));
    }

    private static string? ReadNote(string directory, string name)
    {
        try
        {
            using var file = new StreamReader(Path.Combine(directory, name));
            var buffer = new char[MaxNoteLength];
            var length = file.ReadBlock(buffer);
            return length < MaxNoteLength ? new string(buffer, 0, length) : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(Digest digest) => Path.Combine(BlobDirectory, digest.Hex);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}

using System.Globalization;
using System.Text;
using Peili.Containerd.Files;
using Peili.Containerd.Ingests;

namespace Peili.Containerd;

/// <summary>
/// The files of containerd's content store: <c>blobs/sha256/&lt;hex&gt;</c>, each complete since it was renamed there, and
/// <c>ingest/&lt;hash&gt;/{data,ref,total,..}</c>. They belong to every namespace; whose a blob is, only containerd itself knows.
/// </summary>
/// <param name="root">The directory, <c>io.containerd.content.v1.content</c> as a rule.</param>
public sealed class ContentStore(string root)
{
    // A reference is a name of ours or of another client of containerd; longer than this it is none that matters here.
    private const int MaxNoteLength = 4096;

    /// <summary>The directory, as given.</summary>
    public string Root { get; } = root;

    /// <summary>The directory of the committed blobs; containerd makes it with the first.</summary>
    public string BlobDirectory { get; } = Path.Combine(root, "blobs", "sha256");

    /// <summary>The directory of what is being received; containerd makes it when it starts.</summary>
    public string IngestDirectory { get; } = Path.Combine(root, "ingest");

    /// <summary>Opens a blob; null when it is not there.</summary>
    /// <exception cref="IOException">It is there but cannot be opened, for want of the permission or of a file descriptor.</exception>
    public BlobFile? TryOpenBlob(Digest digest) => NativeMethods.TryOpen(PathOf(digest)) is { } handle ? new BlobFile(handle) : null;

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
            foreach (var directory in Directory.EnumerateDirectories(IngestDirectory))
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

    /// <summary>Reads one of the short texts beside an ingest's data; null when it is not there or too long to be one.</summary>
    /// <exception cref="IOException">It is there but cannot be read.</exception>
    internal static string? ReadNote(string directory, string name)
    {
        using var file = NativeMethods.TryOpen(Path.Combine(directory, name));
        if (file is null)
        {
            return null;
        }

        Span<byte> buffer = stackalloc byte[MaxNoteLength];
        var length = RandomAccess.Read(file, buffer, 0);
        return length < MaxNoteLength ? Encoding.UTF8.GetString(buffer[..length]) : null;
    }

    /// <summary>Reads the length an ingest is to reach; null when that is not known.</summary>
    /// <exception cref="IOException">It is there but cannot be read.</exception>
    internal static long? ReadTotal(string directory) =>
        long.TryParse(ReadNote(directory, "total"), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : null;

    private static Ingest? ReadIngest(string directory)
    {
        var data = new FileInfo(Path.Combine(directory, "data"));
        return ReadNote(directory, "ref") is { } note && IngestReference.TryParse(note, out var reference) && data.Exists
            ? new Ingest(reference.Namespace, reference.Name, data.FullName, data.Length, ReadTotal(directory), new DateTimeOffset(data.LastWriteTimeUtc))
            : null;
    }

    private string PathOf(Digest digest) => Path.Combine(BlobDirectory, digest.Hex);
}

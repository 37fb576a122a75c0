using System.Globalization;
using System.Security.Cryptography;
using Peili.LocalCluster.Images;

namespace Peili.LocalCluster.Containerd;

/// <summary>The content store of a node's containerd, on disk.</summary>
public sealed class ContentStore(string root)
{
    /// <summary>The directory with blobs/ and ingest/.</summary>
    public string Root => root;

    /// <summary>The file of a blob that is complete.</summary>
    public string PathOf(BlobDescriptor blob) => Path.Combine(root, "blobs", "sha256", blob.Hex);

    /// <summary>Whether the blob is there, whatever its bytes.</summary>
    public bool Has(BlobDescriptor blob) => File.Exists(PathOf(blob));

    /// <summary>Reads every one of these blobs and returns a line for each that is missing or has the wrong bytes.</summary>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(IEnumerable<BlobDescriptor> blobs, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var blob in blobs)
        {
            if (!Has(blob))
            {
                problems.Add($"{blob.Digest} is missing");
            }
            else if (await HashAsync(PathOf(blob), cancellationToken) is var hex && hex != blob.Hex)
            {
                problems.Add($"{blob.Digest} has the bytes of sha256:{hex}");
            }
        }

        return problems;
    }

    /// <summary>Changes one byte of a blob on disk, as a failing disk would: the store does not notice.</summary>
    public void Corrupt(BlobDescriptor blob, long offset)
    {
        using var file = new FileStream(PathOf(blob), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)~value);
    }

    /// <summary>Removes a blob's file behind containerd's back.</summary>
    public void Remove(BlobDescriptor blob) => File.Delete(PathOf(blob));

    /// <summary>The downloads under way, or left over from one that failed.</summary>
    public IReadOnlyList<Ingest> ReadIngests()
    {
        var ingests = new List<Ingest>();
        var parent = Path.Combine(root, "ingest"); // made with the first ingest
        foreach (var directory in Directory.Exists(parent) ? Directory.EnumerateDirectories(parent) : [])
        {
            try
            {
                var reference = File.ReadAllText(Path.Combine(directory, "ref"));
                var total = Path.Combine(directory, "total");
                ingests.Add(new Ingest(
                    reference[(reference.IndexOf('/', reference.IndexOf('/', StringComparison.Ordinal) + 1) + 1)..],
                    new FileInfo(Path.Combine(directory, "data")).Length,
                    File.Exists(total) ? long.Parse(File.ReadAllText(total), CultureInfo.InvariantCulture) : null));
            }
            catch (IOException)
            {
                // It was committed or aborted meanwhile, and is no ingest any more.
            }
        }

        return ingests;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}

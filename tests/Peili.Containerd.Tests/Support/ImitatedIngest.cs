using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Peili.Containerd.Tests.Support;

/// <summary>Does to the content store what containerd does when it receives a blob (content/local/store.go and writer.go), one step at a time.</summary>
internal sealed class ImitatedIngest : IDisposable
{
    private static int s_sequence;

    private readonly ContentStore _store;
    private FileStream? _data;

    public ImitatedIngest(ContentStore store, byte[] content, string containerdNamespace = "k8s.io", string kind = "layer")
    {
        _store = store;
        Content = content;
        Digest = Digest.Of(SHA256.HashData(content));
        Reference = $"{containerdNamespace}/{Interlocked.Increment(ref s_sequence)}/{kind}-{Digest}";
    }

    public byte[] Content { get; }

    public Digest Digest { get; }

    /// <summary>What is written to <c>ref</c>.</summary>
    public string Reference { get; init; }

    /// <summary>How many bytes were written.</summary>
    public int Written { get; private set; }

    public string Directory => Path.Combine(_store.IngestDirectory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Reference))));

    public string DataPath => Path.Combine(Directory, "data");

    public static ImitatedIngest Open(ContentStore store, int length, string containerdNamespace = "k8s.io", string kind = "layer")
    {
        var ingest = new ImitatedIngest(store, RandomNumberGenerator.GetBytes(length), containerdNamespace, kind);
        ingest.Open();
        return ingest;
    }

    public void Open(bool total = true)
    {
        MakeDirectory();
        WriteNotes(total);
        OpenData();
    }

    public void MakeDirectory() => System.IO.Directory.CreateDirectory(Directory);

    public void WriteNotes(bool total = true)
    {
        File.WriteAllText(Path.Combine(Directory, "ref"), Reference);
        Stamp("startedat");
        Stamp("updatedat");
        if (total)
        {
            File.WriteAllText(Path.Combine(Directory, "total"), Content.Length.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void OpenData()
    {
        _data = new FileStream(DataPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _data.Position = Written;
    }

    public void Write(int count)
    {
        _data!.Write(Content, Written, count);
        Written += count;
    }

    public void Truncate()
    {
        _data!.SetLength(0);
        _data.Position = 0;
        Written = 0;
    }

    /// <summary>What the kernel does for a containerd that dies.</summary>
    public void CloseData()
    {
        _data?.Dispose();
        _data = null;
    }

    public void GiveUp()
    {
        CloseData();
        Stamp("updatedat");
    }

    public void Resume()
    {
        File.ReadAllBytes(DataPath);
        OpenData();
    }

    public void Commit()
    {
        CloseData();
        System.IO.Directory.CreateDirectory(_store.BlobDirectory);
        File.Move(DataPath, Path.Combine(_store.BlobDirectory, Digest.Hex));
        DeleteDirectory();
    }

    public void Abort()
    {
        DeleteDirectory();
        CloseData();
    }

    public void Dispose() => CloseData();

    private void DeleteDirectory() => System.IO.Directory.Delete(Directory, recursive: true);

    private void Stamp(string name)
    {
        var path = Path.Combine(Directory, name);
        File.WriteAllText(path + ".tmp", DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture));
        File.Move(path + ".tmp", path, overwrite: true);
    }
}

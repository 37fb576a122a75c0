using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peili.LocalCluster;

namespace Peili.Bench.Measurements;

/// <summary>An ingest as containerd makes one when it begins to receive a blob; here nobody fetches it but the bench. Disposed, it is gone as an aborted one goes.</summary>
internal sealed class MadeUpIngest : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _data;

    public MadeUpIngest(ClusterNode node, string digest, long size)
    {
        var reference = $"k8s.io/1/layer-{digest}";
        _directory = Path.Combine(node.Containerd.Content.Root, "ingest", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference))));
        Directory.CreateDirectory(_directory);
        File.WriteAllText(Path.Combine(_directory, "ref"), reference);
        File.WriteAllText(Path.Combine(_directory, "total"), size.ToString(CultureInfo.InvariantCulture));
        _data = new FileStream(Path.Combine(_directory, "data"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>More of the blob has come.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => _data.Write(bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _data.Dispose();
    }
}

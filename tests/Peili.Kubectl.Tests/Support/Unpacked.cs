using System.Formats.Tar;
using System.IO.Compression;

namespace Peili.Kubectl.Tests.Support;

/// <summary>What is in a .tar.gz.</summary>
internal static class Unpacked
{
    /// <summary>The texts of its files, by path.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await tar.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream ?? Stream.Null);
            texts.Add(entry.Name, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        return texts;
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peili.Kubectl.Bundle;

/// <summary>
/// A .tar.gz that is there when it is complete, and else not at all. Everything that goes in goes through <see cref="SecretText"/> or <see cref="SecretFields"/>. Safe for use by many threads.
/// </summary>
internal sealed class BundleArchive : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly string _partial;
    private readonly string _folder;
    private readonly DateTimeOffset _time;
    private readonly TarWriter _tar;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly List<BundleFile> _files = [];
    private readonly List<MissingFile> _missing = [];

    /// <summary>Begins one.</summary>
    /// <param name="path">Where it will be.</param>
    /// <param name="time">The time of every file.</param>
    /// <exception cref="IOException">There is something already, or nothing can be written there.</exception>
    public BundleArchive(string path, DateTimeOffset time)
    {
        if (File.Exists(path) || Directory.Exists(path))
        {
            throw new IOException($"{path} is there already: name another file with --file");
        }

        (_path, _time) = (path, time);
        _partial = $"{path}.partial-{Guid.NewGuid():N}";
        _folder = Path.GetFileName(path) is var name && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name;
        var file = new FileStream(_partial, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        _tar = new TarWriter(new GZipStream(file, CompressionLevel.Optimal), TarEntryFormat.Pax);
    }

    /// <summary>What is in it so far, by path.</summary>
    public IReadOnlyList<BundleFile> Files => Sorted(_files, file => file.Path);

    /// <summary>What could not be had so far, by path.</summary>
    public IReadOnlyList<MissingFile> Missing => Sorted(_missing, file => file.Path);

    /// <summary>Adds a text.</summary>
    public Task AddTextAsync(string path, string text, CancellationToken cancellationToken) => AddAsync(path, Encoding.UTF8.GetBytes(SecretText.Remove(text)), cancellationToken);

    /// <summary>Adds JSON.</summary>
    public Task AddJsonAsync(string path, JsonNode? json, CancellationToken cancellationToken) =>
        AddAsync(path, JsonSerializer.SerializeToUtf8Bytes(SecretFields.Remove(json), BundleJson.Readable().JsonNode!), cancellationToken);

    /// <summary>Notes what could not be had.</summary>
    public void Miss(string path, string why)
    {
        lock (_missing)
        {
            _missing.Add(new MissingFile(path, SecretText.Remove(why)));
        }
    }

    /// <summary>Puts it where it will be.</summary>
    /// <returns>Its length in bytes.</returns>
    public async Task<long> CompleteAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        await _tar.DisposeAsync();
        File.Move(_partial, _path);
        return new FileInfo(_path).Length;
    }

    /// <summary>Leaves nothing behind where it was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _tar.DisposeAsync();
        File.Delete(_partial);
        _writing.Dispose();
    }

    private async Task AddAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            using var data = new MemoryStream(content);
            await _tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, $"{_folder}/{path}") { DataStream = data, Mode = OwnerOnly, ModificationTime = _time }, cancellationToken);
            _files.Add(new BundleFile(path, content.Length));
        }
        finally
        {
            _writing.Release();
        }
    }

    private static T[] Sorted<T>(List<T> items, Func<T, string> path)
    {
        lock (items)
        {
            return [.. items.OrderBy(path, StringComparer.Ordinal)];
        }
    }
}

using System.Text;

namespace Peili.Containerd;

/// <summary>
/// Reads the labels by which containerd remembers where a blob was pulled from:
/// <c>containerd.io/distribution.source.docker.io = library/alpine,library/busybox</c>.
/// </summary>
internal sealed class SourceLabels
{
    // containerd allows a label with its value 4096 bytes; the entry adds a few.
    private const int MaxEntryLength = 4200;

    private readonly Dictionary<string, string[]> _read = new(StringComparer.Ordinal);

    private static ReadOnlySpan<byte> Prefix => "containerd.io/distribution.source."u8;

    /// <summary>The repositories, as <c>host/repository</c>, in an entry of a map of labels; empty where it is another label.</summary>
    public string[] Read(ReadOnlySpan<byte> entry)
    {
        if (entry.Length > MaxEntryLength || entry.IndexOf(Prefix) < 0)
        {
            return [];
        }

        // Blobs of one repository have the same entry, and so get the same array.
        Span<char> characters = stackalloc char[entry.Length];
        Encoding.Latin1.GetChars(entry, characters);
        var known = _read.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(characters, out var sources))
        {
            sources = Parse(entry);
            known[characters] = sources;
        }

        return sources;
    }

    private static string[] Parse(ReadOnlySpan<byte> entry)
    {
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        var reader = new ProtobufReader(entry);
        while (reader.Read())
        {
            if (reader.Field == 1)
            {
                key = reader.Bytes;
            }
            else if (reader.Field == 2)
            {
                value = reader.Bytes;
            }
        }

        if (!key.StartsWith(Prefix))
        {
            return [];
        }

        var host = Encoding.UTF8.GetString(key[Prefix.Length..]);
        var repositories = Encoding.UTF8.GetString(value).Split(',', StringSplitOptions.RemoveEmptyEntries);
        return [.. repositories.Select(repository => $"{host}/{repository}")];
    }
}

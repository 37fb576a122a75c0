namespace Peili.Grpc;

/// <summary>
/// The headers or trailers of a call, in order, the same key allowed repeatedly. Keys that end in <c>-bin</c> carry bytes, all
/// others printable ASCII (PROTOCOL-HTTP2.md, Custom-Metadata).
/// </summary>
public sealed class Metadata
{
    /// <summary>The ending of a key whose value is bytes.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    private readonly List<Entry> _entries = [];

    /// <summary>Everything in here, in the order it was added or came.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Adds a text value.</summary>
    /// <param name="key">A name of <c>0-9 a-z _ - .</c>; upper case is lowered.</param>
    /// <param name="value">Printable ASCII.</param>
    /// <exception cref="ArgumentException">The key or the value may not be sent.</exception>
    public void Add(string key, string value)
    {
        var name = CheckKey(key, binary: false);
        ArgumentNullException.ThrowIfNull(value);
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"The value of metadata '{name}' is not printable ASCII.", nameof(value));
        }

        _entries.Add(new Entry(name, value, null));
    }

    /// <summary>Adds a binary value.</summary>
    /// <param name="key">As for text, and ending in <c>-bin</c>.</param>
    /// <param name="value">Any bytes.</param>
    /// <exception cref="ArgumentException">The key may not be sent, or is that of a text value.</exception>
    public void Add(string key, byte[] value)
    {
        var name = CheckKey(key, binary: true);
        ArgumentNullException.ThrowIfNull(value);
        _entries.Add(new Entry(name, null, value));
    }

    /// <summary>The first text value of <paramref name="key"/>, or null.</summary>
    public string? GetValue(string key) => Find(key)?.Value;

    /// <summary>The first binary value of <paramref name="key"/>, or null.</summary>
    public byte[]? GetValueBytes(string key) => Find(key)?.ValueBytes;

    /// <summary>Takes over what came from the wire, where a server's faults must not become exceptions of ours.</summary>
    internal void AddReceived(string key, string? value, byte[]? valueBytes) => _entries.Add(new Entry(key, value, valueBytes));

    private Entry? Find(string key) => _entries.Find(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    private static string CheckKey(string key, bool binary)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var name = key.ToLowerInvariant();
        var reserved = name is "te" or "host" or "connection" or "transfer-encoding" or "content-type" or "content-length"
            || name.StartsWith("grpc-", StringComparison.Ordinal);
        if (reserved || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('_' or '-' or '.')))
        {
            throw new ArgumentException($"'{key}' cannot be a metadata key.", nameof(key));
        }

        if (name.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal) != binary)
        {
            throw new ArgumentException($"Metadata '{key}': keys of bytes, and only they, end in {BinaryHeaderSuffix}.", nameof(key));
        }

        return name;
    }

    /// <summary>One key with its value.</summary>
    /// <param name="Key">In lower case.</param>
    /// <param name="Value">The text, or null where the value is binary.</param>
    /// <param name="ValueBytes">The bytes, or null where the value is text.</param>
    public sealed record Entry(string Key, string? Value, byte[]? ValueBytes);
}

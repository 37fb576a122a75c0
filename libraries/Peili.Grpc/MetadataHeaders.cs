using System.Net.Http.Headers;

namespace Peili.Grpc;

/// <summary>Carries <see cref="Metadata"/> into HTTP headers and out of them.</summary>
internal static class MetadataHeaders
{
    public static void Write(Metadata? metadata, HttpRequestHeaders headers)
    {
        foreach (var entry in metadata?.Entries ?? [])
        {
            headers.TryAddWithoutValidation(entry.Key, entry.Value ?? Convert.ToBase64String(entry.ValueBytes!).TrimEnd('='));
        }
    }

    public static Metadata Read(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            var key = name.ToLowerInvariant();
            if (key is "grpc-status" or "grpc-message" or "grpc-encoding")
            {
                continue;
            }

            foreach (var value in values)
            {
                Add(metadata, key, value);
            }
        }

        return metadata;
    }

    private static void Add(Metadata metadata, string key, string value)
    {
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            metadata.AddReceived(key, value, null);
            return;
        }

        // Several binary values may come joined by commas, with or without padding. What is not base64 is dropped.
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            var text = part.TrimEnd('=');
            var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
            var buffer = new byte[padded.Length / 4 * 3];
            if (Convert.TryFromBase64String(padded, buffer, out var written))
            {
                metadata.AddReceived(key, null, buffer[..written]);
            }
        }
    }
}

using System.Buffers;
using System.Text.Json;

namespace Peili.Containerd;

/// <summary>
/// Reads of a manifest or index just what serving it takes. The bytes may come from anywhere: they may be of any form, and are
/// refused beyond <see cref="MaxLength"/>.
/// </summary>
public static class Manifest
{
    /// <summary>The longest manifest, in bytes: what the distribution specification asks registries to accept.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private const int MaxMediaTypeLength = 255;

    private static readonly SearchValues<byte> s_mediaTypeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+/"u8);

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 64 };

    /// <summary>
    /// Finds the media type: that which the manifest states, otherwise that which its form shows. Null when it is no manifest.
    /// </summary>
    public static string? DetectMediaType(ReadOnlySpan<byte> json)
    {
        // Most of what is no manifest is a compressed layer; that shows without an exception.
        var start = json.IndexOfAnyExcept(" \t\r\n"u8);
        if (json.Length > MaxLength || start < 0 || json[start] != '{')
        {
            return null;
        }

        try
        {
            return ReadForm(json).MediaType;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Adds the blobs that a manifest or index refers to: its config, layers and manifests, not its subject. References by other digests
    /// than SHA-256 are left out.
    /// </summary>
    /// <returns>False, and nothing added, when it is no manifest.</returns>
    public static bool TryReadChildren(ReadOnlySpan<byte> json, ICollection<Descriptor> children)
    {
        ArgumentNullException.ThrowIfNull(children);
        if (DetectMediaType(json) is null)
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, s_options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var refers = reader.ValueTextEquals("config") || reader.ValueTextEquals("layers") || reader.ValueTextEquals("manifests");
            reader.Read();
            if (refers)
            {
                ReadDescriptors(ref reader, children);
            }
            else
            {
                reader.Skip();
            }
        }

        return true;
    }

    private static ManifestForm ReadForm(ReadOnlySpan<byte> json)
    {
        var form = new ManifestForm();
        var reader = new Utf8JsonReader(json, s_options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"))
            {
                reader.Read();
                form.States(ReadMediaType(ref reader));
            }
            else if (reader.ValueTextEquals("config"))
            {
                reader.Read();
                form.HasConfig = reader.TokenType == JsonTokenType.StartObject;
            }
            else if (reader.ValueTextEquals("layers"))
            {
                reader.Read();
                form.HasLayers = reader.TokenType == JsonTokenType.StartArray;
            }
            else if (reader.ValueTextEquals("manifests"))
            {
                reader.Read();
                form.HasManifests = reader.TokenType == JsonTokenType.StartArray;
            }
            else if (reader.ValueTextEquals("fsLayers"))
            {
                reader.Read();
                form.HasFsLayers = reader.TokenType == JsonTokenType.StartArray;
            }
            else if (reader.ValueTextEquals("signatures"))
            {
                reader.Read();
                form.HasSignatures = reader.TokenType == JsonTokenType.StartArray;
            }

            reader.Skip();
        }

        // Anything after the object is an error, which only reading on finds.
        reader.Read();
        return form;
    }

    private static void ReadDescriptors(ref Utf8JsonReader reader, ICollection<Descriptor> children)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadDescriptor(ref reader, children);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    ReadDescriptor(ref reader, children);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    private static void ReadDescriptor(ref Utf8JsonReader reader, ICollection<Descriptor> children)
    {
        string? mediaType = null;
        var found = false;
        var digest = default(Digest);
        long size = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"))
            {
                reader.Read();
                mediaType = ReadMediaType(ref reader);
            }
            else if (reader.ValueTextEquals("digest"))
            {
                reader.Read();
                found = reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.ValueSpan, out digest);
            }
            else if (reader.ValueTextEquals("size"))
            {
                reader.Read();
                size = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : 0;
            }

            reader.Skip();
        }

        if (found)
        {
            children.Add(new Descriptor(mediaType ?? "", digest, size));
        }
    }

    // The value goes into a header: it is let through in RFC 6838's characters alone. Some encoders escape the plus.
    private static string? ReadMediaType(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        foreach (var known in MediaTypes.Manifests)
        {
            if (reader.ValueTextEquals(known))
            {
                return known;
            }
        }

        var value = reader.ValueSpan;
        return value.Length is > 0 and <= MaxMediaTypeLength && value.Count((byte)'/') == 1
            && !value.ContainsAnyExcept(s_mediaTypeCharacters)
            ? reader.GetString()
            : null;
    }
}

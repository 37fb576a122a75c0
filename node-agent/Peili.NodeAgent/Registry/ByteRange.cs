using System.Globalization;

namespace Peili.NodeAgent.Registry;

/// <summary>One <c>Range: bytes=</c> request (RFC 9110, section 14.1.2), before the length of the content is known.</summary>
/// <param name="First">First byte wanted, from 0; null for a suffix range.</param>
/// <param name="Last">Last byte wanted, inclusive; null for an open end. For a suffix range the number of bytes from the end.</param>
internal readonly record struct ByteRange(long? First, long? Last)
{
    /// <summary>True for <c>bytes=0-</c>: everything, but asked for as a range.</summary>
    public bool IsWhole => First == 0 && Last is null;

    /// <summary>Reads a Range header. Anything that is not exactly one well-formed byte range is no range (RFC 9110 lets a server ignore it).</summary>
    public static ByteRange? Parse(string? header)
    {
        const string Unit = "bytes=";
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = header.AsSpan(Unit.Length).Trim();
        var dash = text.IndexOf('-');
        if (dash < 0 || !TryReadPosition(text[..dash], out var first) || !TryReadPosition(text[(dash + 1)..], out var last))
        {
            return null;
        }

        return (first, last) switch
        {
            (null, null) => null,
            ({ } from, { } to) when to < from => null,
            _ => new ByteRange(first, last),
        };
    }

    /// <summary>The bytes of a content of <paramref name="length"/> bytes that this range names; null when there are none (416).</summary>
    public ContentSlice? Of(long length)
    {
        if (First is not { } first)
        {
            var suffix = Math.Min(Last ?? 0, length);
            return suffix == 0 ? null : new ContentSlice(length - suffix, suffix);
        }

        return first >= length ? null : new ContentSlice(first, Math.Min(Last ?? long.MaxValue, length - 1) - first + 1);
    }

    /// <summary>The header's value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"bytes={First}-{Last}");

    private static bool TryReadPosition(ReadOnlySpan<char> text, out long? position)
    {
        position = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        position = value;
        return true;
    }
}

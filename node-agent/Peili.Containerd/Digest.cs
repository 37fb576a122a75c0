using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Peili.Containerd;

/// <summary>
/// The SHA-256 digest of a blob, its 32 bytes held inline. Written as the OCI image specification has it: <c>sha256:</c> and 64
/// lower-case hexadecimal digits; nothing else is read.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Digest
{
    /// <summary>The length of the written form, in characters.</summary>
    public const int TextLength = 71;

    /// <summary>The length of the digest, in bytes.</summary>
    public const int ByteLength = 32;

    private const string Prefix = "sha256:";

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private Digest(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The 64 hexadecimal digits, as they name the blob's file in containerd's content store.</summary>
    public string Hex
    {
        get
        {
            Span<byte> bytes = stackalloc byte[ByteLength];
            CopyTo(bytes);
            return Convert.ToHexStringLower(bytes);
        }
    }

    /// <summary>Takes over what SHA-256 computed.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static Digest Of(ReadOnlySpan<byte> sha256) => sha256.Length == ByteLength
        ? new Digest(sha256)
        : throw new ArgumentException($"A SHA-256 digest has {ByteLength} bytes, not {sha256.Length}.", nameof(sha256));

    /// <summary>Reads the written form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Digest digest)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        var valid = text.Length == TextLength
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.ContainsAnyInRange('A', 'Z')
            && Convert.FromHexString(text[Prefix.Length..], bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        digest = valid ? new Digest(bytes) : default;
        return valid;
    }

    /// <summary>Reads the written form out of UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, out Digest digest)
    {
        Span<char> text = stackalloc char[TextLength];
        digest = default;
        return utf8Text.Length == TextLength && Encoding.Latin1.GetChars(utf8Text, text) == TextLength && TryParse(text, out digest);
    }

    /// <summary>Reads the 64 hexadecimal digits, as they name the blob's file, out of UTF-8.</summary>
    internal static bool TryParseHex(ReadOnlySpan<byte> utf8Hex, out Digest digest)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        var valid = utf8Hex.Length == 2 * ByteLength
            && !utf8Hex.ContainsAnyInRange((byte)'A', (byte)'Z')
            && Convert.FromHexString(utf8Hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        digest = valid ? new Digest(bytes) : default;
        return valid;
    }

    /// <summary>Reads the 64 hexadecimal digits.</summary>
    internal static bool TryParseHex(ReadOnlySpan<char> hex, out Digest digest)
    {
        Span<byte> utf8 = stackalloc byte[2 * ByteLength];
        digest = default;
        return hex.Length == utf8.Length && Encoding.Latin1.GetBytes(hex, utf8) == utf8.Length && TryParseHex(utf8, out digest);
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for them.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    /// <summary>A digest is as good a hash as there is; a part of it does.</summary>
    public override int GetHashCode() => (int)_fourth;

    /// <summary>The written form.</summary>
    public override string ToString() => Prefix + Hex;
}

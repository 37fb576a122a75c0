using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Peili.Overlay;

/// <summary>
/// What the directory is asked for: a SHA-256 digest as it is, or the SHA-256 of a name. 32 bytes inline, so that a table of keys
/// is one array.
/// </summary>
/// <param name="First">Bytes 0 to 7, big-endian: comparing the four numbers in turn compares the bytes.</param>
/// <param name="Second">Bytes 8 to 15.</param>
/// <param name="Third">Bytes 16 to 23.</param>
/// <param name="Fourth">Bytes 24 to 31.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DirectoryKey(ulong First, ulong Second, ulong Third, ulong Fourth) : IComparable<DirectoryKey>
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int Size = 32;

    /// <summary>How many slots keys fall into; a power of two.</summary>
    internal const int Slots = 16_384;

    /// <summary>The slot is the first 14 bits: digests are uniform already.</summary>
    internal ushort Slot => (ushort)(First >> 50);

    /// <summary>Reads a key from exactly 32 bytes.</summary>
    /// <param name="bytes">A digest.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not 32 bytes.</exception>
    public static DirectoryKey FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), "A key has 32 bytes");
        }

        return new DirectoryKey(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
    }

    /// <summary>Reads `sha256:` and 64 hexadecimal digits; anything else gives false.</summary>
    /// <param name="digest">A digest as OCI writes it (image-spec, descriptor.md, Digests).</param>
    /// <param name="key">The key, when there is one.</param>
    public static bool TryParseDigest(ReadOnlySpan<char> digest, out DirectoryKey key)
    {
        key = default;
        const string prefix = "sha256:";
        if (digest.Length != prefix.Length + (2 * Size) || !digest.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(digest[prefix.Length..], bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        key = FromBytes(bytes);
        return true;
    }

    /// <summary>The key of a name such as `docker.io/library/redis:7`.</summary>
    /// <param name="name">`registry/repository:tag`; compared byte for byte, so normalise first.</param>
    public static DirectoryKey OfName(string name) => FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, First);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], Third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], Fourth);
    }

    /// <inheritdoc/>
    public int CompareTo(DirectoryKey other)
    {
        var order = First.CompareTo(other.First);
        order = order != 0 ? order : Second.CompareTo(other.Second);
        order = order != 0 ? order : Third.CompareTo(other.Third);
        return order != 0 ? order : Fourth.CompareTo(other.Fourth);
    }

    /// <summary>Orders keys by their bytes.</summary>
    public static bool operator <(DirectoryKey left, DirectoryKey right) => left.CompareTo(right) < 0;

    /// <summary>Orders keys by their bytes.</summary>
    public static bool operator >(DirectoryKey left, DirectoryKey right) => left.CompareTo(right) > 0;

    /// <summary>Orders keys by their bytes.</summary>
    public static bool operator <=(DirectoryKey left, DirectoryKey right) => left.CompareTo(right) <= 0;

    /// <summary>Orders keys by their bytes.</summary>
    public static bool operator >=(DirectoryKey left, DirectoryKey right) => left.CompareTo(right) >= 0;
}

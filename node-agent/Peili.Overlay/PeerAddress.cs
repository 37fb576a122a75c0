using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Peili.Overlay;

/// <summary>
/// An IP address and port as a value of 18 bytes, IPv4 in its IPv6-mapped form (RFC 4291, 2.5.5.2), so that one comparison
/// serves both families and the hot path allocates no <see cref="IPEndPoint"/>.
/// </summary>
/// <param name="High">The first eight bytes of the IPv6 address, big-endian.</param>
/// <param name="Low">The last eight bytes.</param>
/// <param name="Port">The port, of UDP and TCP alike; 0 in the default value, which is nobody's address.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PeerAddress(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>Whether the address is IPv4.</summary>
    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>Takes the address of a socket; scope ids are dropped, for link-local addresses cannot be advertised.</summary>
    /// <param name="endPoint">Any IPv4 or IPv6 end point.</param>
    public static PeerAddress From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        return FromBytes(bytes, (ushort)endPoint.Port);
    }

    /// <summary>The same as an <see cref="IPEndPoint"/>, IPv4 unmapped.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPEndPoint(new IPAddress(bytes[..WriteBytes(bytes)]), Port);
    }

    /// <summary>4 bytes for IPv4, 16 for IPv6; any other length gives false.</summary>
    internal static bool TryFromBytes(ReadOnlySpan<byte> bytes, uint port, out PeerAddress address)
    {
        address = default;
        if (port is 0 or > ushort.MaxValue)
        {
            return false;
        }

        if (bytes.Length == 4)
        {
            address = FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port);
            return true;
        }

        if (bytes.Length != 16)
        {
            return false;
        }

        address = FromBytes(bytes, (ushort)port);
        return true;
    }

    internal static PeerAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, port);

    /// <summary>Writes 4 or 16 bytes, says how many.</summary>
    internal int WriteBytes(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    /// <summary>`address:port`, IPv6 in brackets.</summary>
    public override string ToString() =>
        IsIPv4 || High != 0 || Low != 0 ? ToEndPoint().ToString() : string.Create(CultureInfo.InvariantCulture, $"none:{Port}");

    private static PeerAddress FromBytes(ReadOnlySpan<byte> bytes, ushort port) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), port);
}

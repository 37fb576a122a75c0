using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Peili.Overlay.Security;

namespace Peili.Overlay.Membership;

/// <summary>Who a member is, for the whole of one session. Immutable, so a process with many members may share one.</summary>
internal sealed class MemberRecord
{
    public const int MaximumEncoded = 512;

    private MemberRecord(Wire.MemberRecord message, BootId bootId, PeerAddress address, byte[] encoded)
    {
        Name = message.Name;
        NameBytes = Encoding.UTF8.GetBytes(message.Name);
        Zone = message.Zone;
        Version = message.Version;
        Epoch = message.Epoch;
        Protocol = message.Protocol;
        Placement = message.Placement;
        BootId = bootId;
        Address = address;
        Encoded = UnsafeByteOperations.UnsafeWrap(encoded);
        NameHash = HashOf(NameBytes);
        ZoneHash = (uint)HashOf(Encoding.UTF8.GetBytes(message.Zone));
    }

    public string Name { get; }

    public byte[] NameBytes { get; }

    /// <summary>The first 64 bits of the name's SHA-256: what the directory calls an owner.</summary>
    public ulong NameHash { get; }

    public string Zone { get; }

    public uint ZoneHash { get; }

    public string Version { get; }

    public ulong Epoch { get; }

    public uint Protocol { get; }

    public uint Placement { get; }

    public BootId BootId { get; }

    public ulong Session => BootId.Session;

    public PeerAddress Address { get; }

    /// <summary>The message as it travels.</summary>
    public ByteString Encoded { get; }

    public SessionIdentity Identity => new(BootId, NameBytes);

    public static MemberRecord Create(string name, BootId bootId, ulong epoch, PeerAddress address, string zone, string version)
    {
        Span<byte> bytes = stackalloc byte[16];
        var message = new Wire.MemberRecord
        {
            Name = name,
            Epoch = epoch,
            Address = ByteString.CopyFrom(bytes[..address.WriteBytes(bytes)]),
            Port = address.Port,
            Zone = zone,
            Version = version,
            Protocol = ProtocolVersion.Current,
            Placement = PlacementRule.Current,
        };
        bootId.WriteBytes(bytes);
        message.BootId = ByteString.CopyFrom(bytes);
        return new MemberRecord(message, bootId, address, message.ToByteArray());
    }

    /// <summary>Reads a record from the network; false where a field is missing, too long or out of range.</summary>
    public static bool TryParse(ReadOnlySpan<byte> encoded, out MemberRecord? record)
    {
        record = null;
        if (encoded.Length > MaximumEncoded || !Wire.WireReader.TryParse(Wire.MemberRecord.Parser, encoded, out var message))
        {
            return false;
        }

        if (!IsName(message.Name) || message.BootId.Length != BootId.Size || message.Epoch == 0
            || message.Zone.Length > OverlayOptions.MaximumLabel || message.Version.Length > OverlayOptions.MaximumLabel
            || !PeerAddress.TryFromBytes(message.Address.Span, message.Port, out var address))
        {
            return false;
        }

        var bootId = BootId.FromBytes(message.BootId.Span);
        if (bootId.Session == 0)
        {
            return false;
        }

        record = new MemberRecord(message, bootId, address, encoded.ToArray());
        return true;
    }

    /// <summary>A node name: 1 to 253 bytes of visible ASCII, as Kubernetes allows (RFC 1123) and somewhat more.</summary>
    public static bool IsName(string name)
    {
        foreach (var letter in name)
        {
            if (letter is <= ' ' or > '~')
            {
                return false;
            }
        }

        return name.Length is > 0 and <= OverlayOptions.MaximumName;
    }

    public static ulong HashOf(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(text, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

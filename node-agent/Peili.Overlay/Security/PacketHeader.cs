using System.Buffers.Binary;

namespace Peili.Overlay.Security;

/// <summary>
/// The clear part of every packet, authenticated with the rest: version, form, a hint at the key, the session it is for, the session it is from, the
/// counter. An introduction adds the rest of the boot id and the name, which is all that a receiver needs to derive the key.
/// Naming the receiver's session means that no packet can be replayed to another member, or to the same one after a restart.
/// </summary>
internal ref struct PacketHeader
{
    public const int FixedSize = 27;
    public const int TagSize = 16;

    private const byte IntroductionForm = 1;
    private const byte ClearForm = 2;

    public byte Version;
    public bool IsIntroduction;

    /// <summary>Whether the packet was sent without any key: only members started so accept it.</summary>
    public bool IsClear;
    public byte KeyHint;
    public ulong To;
    public ulong From;
    public ulong Counter;
    public ulong BootIdRest;
    public ReadOnlySpan<byte> Name;

    public readonly int Size => FixedSize + (IsIntroduction ? 8 + 1 + Name.Length : 0);

    public readonly SessionIdentity Introduced => new(new BootId(From, BootIdRest), Name);

    public static bool TryRead(ReadOnlySpan<byte> packet, out PacketHeader header)
    {
        header = default;
        if (packet.Length < FixedSize || (packet[1] & ~(IntroductionForm | ClearForm)) != 0)
        {
            return false;
        }

        header.Version = packet[0];
        header.IsIntroduction = (packet[1] & IntroductionForm) != 0;
        header.IsClear = (packet[1] & ClearForm) != 0;
        header.KeyHint = packet[2];
        header.To = BinaryPrimitives.ReadUInt64LittleEndian(packet[3..]);
        header.From = BinaryPrimitives.ReadUInt64LittleEndian(packet[11..]);
        header.Counter = BinaryPrimitives.ReadUInt64LittleEndian(packet[19..]);
        if (!header.IsIntroduction)
        {
            return true;
        }

        if (packet.Length < FixedSize + 9 || packet[FixedSize + 8] is 0 or > OverlayOptions.MaximumName
            || packet.Length < FixedSize + 9 + packet[FixedSize + 8])
        {
            return false;
        }

        header.BootIdRest = BinaryPrimitives.ReadUInt64LittleEndian(packet[FixedSize..]);
        header.Name = packet.Slice(FixedSize + 9, packet[FixedSize + 8]);
        return true;
    }

    public readonly void Write(Span<byte> packet)
    {
        packet[0] = Version;
        packet[1] = (byte)((IsIntroduction ? IntroductionForm : 0) | (IsClear ? ClearForm : 0));
        packet[2] = KeyHint;
        BinaryPrimitives.WriteUInt64LittleEndian(packet[3..], To);
        BinaryPrimitives.WriteUInt64LittleEndian(packet[11..], From);
        BinaryPrimitives.WriteUInt64LittleEndian(packet[19..], Counter);
        if (IsIntroduction)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(packet[FixedSize..], BootIdRest);
            packet[FixedSize + 8] = (byte)Name.Length;
            Name.CopyTo(packet[(FixedSize + 9)..]);
        }
    }
}

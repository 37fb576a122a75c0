using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Peili.Overlay.Security;

/// <summary>128 random bits drawn at each start; the first 64 name the session on the wire.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BootId(ulong Session, ulong Rest)
{
    public const int Size = 16;

    public static BootId Draw(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BootId drawn;
        do
        {
            random.Fill(bytes);
            drawn = FromBytes(bytes);
        }
        while (drawn.Session == 0); // 0 in a header means "whoever you are"

        return drawn;
    }

    public static BootId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Session);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Rest);
    }
}

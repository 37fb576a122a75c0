using System.Buffers.Binary;

namespace Peili.DBus;

/// <summary>Messages on the wire: a fixed start, an array of header fields, padding, and the arguments.</summary>
internal static class MessageFormat
{
    /// <summary>The bytes from which the length of the whole message is known.</summary>
    public const int FixedLength = 16;

    private const byte ProtocolVersion = 1;
    private const int BodyLengthAt = 4;
    private const int FieldsLengthAt = 12;

    /// <summary>Makes the bytes of a message.</summary>
    public static byte[] Write(DBusMessage message, uint serial)
    {
        var writer = new MessageWriter();
        writer.WriteByte((byte)'l');
        writer.WriteByte((byte)message.Type);
        writer.WriteByte(0);
        writer.WriteByte(ProtocolVersion);
        writer.WriteUInt32((uint)message.Body.Length);
        writer.WriteUInt32(serial);
        writer.WriteArray(Names.StructureAlignment, () =>
        {
            WriteField(writer, HeaderField.Path, "o", message.Path, writer.WriteObjectPath);
            WriteField(writer, HeaderField.Interface, "s", message.Interface, writer.WriteString);
            WriteField(writer, HeaderField.Member, "s", message.Member, writer.WriteString);
            WriteField(writer, HeaderField.Destination, "s", message.Destination, writer.WriteString);
            WriteField(writer, HeaderField.Signature, "g", message.Signature is "" ? null : message.Signature, writer.WriteSignature);
        });
        writer.Align(Names.StructureAlignment);
        writer.WriteBytes(message.Body.Span);
        return writer.ToArray();
    }

    /// <summary>The length of the message that starts with these <see cref="FixedLength"/> bytes.</summary>
    /// <exception cref="InvalidDataException">No message starts so.</exception>
    public static long LengthOf(ReadOnlySpan<byte> start)
    {
        var bigEndian = IsBigEndian(start);
        if (start[3] != ProtocolVersion)
        {
            throw new InvalidDataException($"D-Bus: a message of protocol version {start[3]}");
        }

        long fields = ReadUInt32(start[FieldsLengthAt..], bigEndian);
        long body = ReadUInt32(start[BodyLengthAt..], bigEndian);
        return Padded(FixedLength + fields) + body;
    }

    /// <summary>Reads a whole message.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static DBusMessage Parse(byte[] bytes)
    {
        var bigEndian = IsBigEndian(bytes);
        var reader = new MessageReader(bytes, bigEndian);
        reader.Skip("yyyyu");
        var message = new DBusMessage
        {
            Type = Enum.IsDefined((MessageType)bytes[1]) ? (MessageType)bytes[1] : MessageType.Invalid,
            Serial = reader.ReadUInt32(),
            IsBigEndian = bigEndian,
        };
        var end = reader.ReadArrayStart(Names.StructureAlignment);
        while (reader.HasNext(end))
        {
            reader.ReadStructureStart();
            message = ReadField(message, (HeaderField)reader.ReadByte(), ref reader);
        }

        reader.Align(Names.StructureAlignment);
        return message with { Body = bytes.AsMemory(reader.Position) };
    }

    private static DBusMessage ReadField(DBusMessage message, HeaderField field, ref MessageReader reader)
    {
        var type = reader.ReadVariantStart();
        switch (field, type)
        {
            case (HeaderField.Path, "o"):
                return message with { Path = reader.ReadObjectPath() };
            case (HeaderField.Interface, "s"):
                return message with { Interface = reader.ReadString() };
            case (HeaderField.Member, "s"):
                return message with { Member = reader.ReadString() };
            case (HeaderField.ErrorName, "s"):
                return message with { ErrorName = reader.ReadString() };
            case (HeaderField.ReplySerial, "u"):
                return message with { ReplySerial = reader.ReadUInt32() };
            case (HeaderField.Destination, "s"):
                return message with { Destination = reader.ReadString() };
            case (HeaderField.Sender, "s"):
                return message with { Sender = reader.ReadString() };
            case (HeaderField.Signature, "g"):
                return message with { Signature = reader.ReadSignature() };
            case ( >= HeaderField.Path and <= HeaderField.Signature, _):
                throw new InvalidDataException($"D-Bus: header field {field} is of the type \"{type}\"");
            default:
                // The specification: unknown fields must be ignored.
                reader.Skip(type);
                return message;
        }
    }

    private static void WriteField(MessageWriter writer, HeaderField field, string type, string? value, Action<string> write)
    {
        if (value is not null)
        {
            writer.WriteStructureStart();
            writer.WriteByte((byte)field);
            writer.WriteVariantStart(type);
            write(value);
        }
    }

    private static bool IsBigEndian(ReadOnlySpan<byte> start) => start[0] switch
    {
        (byte)'l' => false,
        (byte)'B' => true,
        var other => throw new InvalidDataException($"D-Bus: a message starts with {other}, which is no byte order"),
    };

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Padded(long length) => (length + Names.StructureAlignment - 1) / Names.StructureAlignment * Names.StructureAlignment;
}

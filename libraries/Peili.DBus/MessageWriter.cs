using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Peili.DBus;

/// <summary>Writes values in D-Bus' wire format, little endian, each at its alignment.</summary>
public sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>A byte, <c>y</c>.</summary>
    public void WriteByte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    /// <summary>A boolean, <c>b</c>.</summary>
    public void WriteBoolean(bool value) => WriteUInt32(value ? 1u : 0u);

    /// <summary>A number, <c>u</c>.</summary>
    public void WriteUInt32(uint value)
    {
        Align(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }

    /// <summary>A text, <c>s</c>.</summary>
    /// <exception cref="ArgumentException">It has a NUL in it.</exception>
    public void WriteString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        RefuseNul(value);
        WriteUInt32((uint)Encoding.UTF8.GetByteCount(value));
        WriteText(value);
    }

    /// <summary>An object's path, <c>o</c>.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public void WriteObjectPath(string value)
    {
        if (!Names.IsObjectPath(value))
        {
            throw new ArgumentException($"\"{value}\" is no object path", nameof(value));
        }

        WriteString(value);
    }

    /// <summary>A signature, <c>g</c>.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public void WriteSignature(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        RefuseNul(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, byte.MaxValue, nameof(value));
        WriteByte((byte)value.Length);
        WriteText(value);
    }

    /// <summary>The start of a variant, <c>v</c>: its one value, of this type, must follow.</summary>
    public void WriteVariantStart(string signature) => WriteSignature(signature);

    /// <summary>The start of a structure, <c>(...)</c>: its fields follow.</summary>
    public void WriteStructureStart() => Align(Names.StructureAlignment);

    /// <summary>An array, <c>a...</c>.</summary>
    /// <param name="alignment">Of an element: 8 for structures, 4 for texts and numbers, 1 for bytes.</param>
    /// <param name="writeElements">Writes them, one after the other.</param>
    public void WriteArray(int alignment, Action writeElements)
    {
        ArgumentNullException.ThrowIfNull(writeElements);
        WriteUInt32(0);
        var length = _bytes.WrittenCount - sizeof(uint);
        Align(alignment);
        var start = _bytes.WrittenCount;
        writeElements();
        Patch(length, (uint)(_bytes.WrittenCount - start));
    }

    internal int Length => _bytes.WrittenCount;

    internal byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    internal void WriteBytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    internal void Align(int alignment)
    {
        while (_bytes.WrittenCount % alignment != 0)
        {
            WriteByte(0);
        }
    }

    private void Patch(int at, uint value)
    {
        // The written bytes are this writer's own and writable; ArrayBufferWriter only hands them out read-only.
        var written = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span;
        BinaryPrimitives.WriteUInt32LittleEndian(written[at..], value);
    }

    private void WriteText(string value)
    {
        _bytes.Advance(Encoding.UTF8.GetBytes(value, _bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length))));
        WriteByte(0);
    }

    private static void RefuseNul(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a D-Bus text cannot have a NUL in it", nameof(value));
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Peili.DBus;

/// <summary>
/// Reads values in D-Bus' wire format, of either byte order. Every method throws <see cref="InvalidDataException"/> when the bytes end too early
/// or are not what the specification allows.
/// </summary>
public ref struct MessageReader
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _bigEndian;

    internal MessageReader(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        _bytes = bytes;
        _bigEndian = bigEndian;
    }

    /// <summary>How many bytes were read.</summary>
    internal int Position { get; private set; }

    /// <summary>A byte, <c>y</c>.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>A boolean, <c>b</c>.</summary>
    public bool ReadBoolean() => ReadUInt32() switch
    {
        0 => false,
        1 => true,
        var other => throw Wrong($"{other} is no boolean"),
    };

    /// <summary>A number, <c>u</c>.</summary>
    public uint ReadUInt32()
    {
        Align(sizeof(uint));
        var bytes = Take(sizeof(uint));
        return _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>A text, <c>s</c>.</summary>
    public string ReadString() => Text(ReadUInt32());

    /// <summary>An object's path, <c>o</c>.</summary>
    public string ReadObjectPath() => ReadString() is var path && Names.IsObjectPath(path) ? path : throw Wrong($"\"{path}\" is no object path");

    /// <summary>A signature, <c>g</c>.</summary>
    public string ReadSignature() => Text(ReadByte());

    /// <summary>The start of a variant, <c>v</c>: its one value, of the type returned, follows.</summary>
    public string ReadVariantStart() => ReadSignature();

    /// <summary>A variant with a text in it.</summary>
    public string ReadStringVariant() => ReadVariantStart() is "s" ? ReadString() : throw Wrong("a variant holds no text");

    /// <summary>The start of a structure, <c>(...)</c>: its fields follow.</summary>
    public void ReadStructureStart() => Align(Names.StructureAlignment);

    /// <summary>The start of an array, <c>a...</c>: elements follow as long as <see cref="HasNext"/> says so.</summary>
    /// <param name="alignment">Of an element: 8 for structures, 4 for texts and numbers, 1 for bytes.</param>
    /// <returns>Where the array ends.</returns>
    public int ReadArrayStart(int alignment)
    {
        var length = ReadUInt32();
        Align(alignment);
        return length <= _bytes.Length - Position ? Position + (int)length : throw Wrong("an array is longer than its message");
    }

    /// <summary>Whether an array has more elements.</summary>
    /// <param name="arrayEnd">What <see cref="ReadArrayStart"/> returned.</param>
    public readonly bool HasNext(int arrayEnd) =>
        Position <= arrayEnd ? Position < arrayEnd : throw Wrong("an array's last element is longer than the array");

    /// <summary>Passes over values.</summary>
    /// <param name="signature">Their types.</param>
    public void Skip(string signature)
    {
        ReadOnlySpan<char> left = signature;
        while (!left.IsEmpty)
        {
            left = SkipOne(left, 0);
        }
    }

    internal void Align(int alignment)
    {
        var padding = (alignment - Position % alignment) % alignment;
        Take(padding);
    }

    /// <summary>Passes over the first value of these types and returns the types after it.</summary>
    private ReadOnlySpan<char> SkipOne(ReadOnlySpan<char> types, int depth)
    {
        if (depth > Names.MaxDepth)
        {
            throw Wrong("values are nested too deep");
        }

        var type = types[0];
        var rest = types[1..];
        switch (type)
        {
            case 's' or 'o':
                ReadString();
                return rest;
            case 'g':
                ReadSignature();
                return rest;
            case 'v':
                var inner = ReadSignature();
                return inner.Length > 0 && SkipOne(inner, depth + 1).IsEmpty ? rest : throw Wrong($"a variant's type is \"{inner}\"");
            case 'a':
                return SkipArray(rest, depth);
            case '(' or '{':
                return SkipStructure(rest, type == '(' ? ')' : '}', depth);
            default:
                var size = Names.Alignment(type);
                Align(size == 0 ? throw Wrong($"\"{types}\" is no signature") : size);
                Take(size);
                return rest;
        }
    }

    private ReadOnlySpan<char> SkipArray(ReadOnlySpan<char> types, int depth)
    {
        if (types.IsEmpty || Names.Alignment(types[0]) is not (> 0 and var alignment))
        {
            throw Wrong("an array has no element type");
        }

        var end = ReadArrayStart(alignment);
        Position = end;
        return AfterOne(types, depth + 1);
    }

    private ReadOnlySpan<char> SkipStructure(ReadOnlySpan<char> types, char close, int depth)
    {
        Align(Names.StructureAlignment);
        while (types is [var next, ..] && next != close)
        {
            types = SkipOne(types, depth + 1);
        }

        return types.IsEmpty ? throw Wrong("a structure's signature does not end") : types[1..];
    }

    /// <summary>The types after the first one, without a value being there.</summary>
    private static ReadOnlySpan<char> AfterOne(ReadOnlySpan<char> types, int depth)
    {
        if (types.IsEmpty || depth > Names.MaxDepth)
        {
            throw Wrong("a signature ends too early or is nested too deep");
        }

        var rest = types[1..];
        if (types[0] == 'a')
        {
            return AfterOne(rest, depth + 1);
        }

        if (types[0] is not ('(' or '{'))
        {
            return rest;
        }

        var close = types[0] == '(' ? ')' : '}';
        while (!rest.IsEmpty && rest[0] != close)
        {
            rest = AfterOne(rest, depth + 1);
        }

        return rest.IsEmpty ? throw Wrong("a structure's signature does not end") : rest[1..];
    }

    private string Text(uint length)
    {
        var bytes = Take(length);
        if (ReadByte() != 0 || bytes.Contains((byte)0))
        {
            throw Wrong("a text does not end with its only NUL");
        }

        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("D-Bus: a text is not UTF-8", exception);
        }
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > _bytes.Length - Position)
        {
            throw Wrong("a message ends too early");
        }

        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    private static InvalidDataException Wrong(string what) => new($"D-Bus: {what}");
}

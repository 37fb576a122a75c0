namespace Peili.Containerd;

/// <summary>
/// Goes through the fields of a protobuf message without making objects of them (protobuf.dev/programming-guides/encoding). Of bytes
/// that are no message it reads what it can and ends.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>The current field's text, bytes or message; empty where it is a number.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The current field's integer; 0 where it is something else.</summary>
    public ulong Varint { get; private set; }

    /// <summary>Goes on to the next field; false at the end.</summary>
    public bool Read()
    {
        Bytes = default;
        Varint = 0;
        if (!TryReadVarint(out var tag))
        {
            return false;
        }

        Field = (int)(tag >> 3);
        switch ((int)tag & 7)
        {
            case VarintType:
                var read = TryReadVarint(out var number);
                Varint = number;
                return read;
            case BytesType:
                if (!TryReadVarint(out var length) || length > (ulong)_rest.Length)
                {
                    return false;
                }

                Bytes = _rest[..(int)length];
                _rest = _rest[(int)length..];
                return true;
            case Fixed64Type:
                return TrySkip(sizeof(ulong));
            case Fixed32Type:
                return TrySkip(sizeof(uint));
            default:
                return false;
        }
    }

    private bool TrySkip(int length)
    {
        var enough = length <= _rest.Length;
        _rest = enough ? _rest[length..] : default;
        return enough;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}

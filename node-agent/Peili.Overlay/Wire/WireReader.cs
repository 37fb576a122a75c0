using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Peili.Overlay.Wire;

/// <summary>Reads messages that anybody may have written.</summary>
internal static class WireReader
{
    /// <summary>
    /// False where the bytes are no such message. The parser allocates in proportion to the input alone: columns of fixed width are
    /// checked against what is left, and nesting is bounded by it at 100.
    /// </summary>
    public static bool TryParse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            // The generated parser has no other way to say so. Only holders of a cluster key can make it happen.
            message = null;
            return false;
        }
    }
}

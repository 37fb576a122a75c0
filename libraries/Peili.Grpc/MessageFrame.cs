using System.Buffers.Binary;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Peili.Grpc;

/// <summary>
/// A message on the wire: a byte that says whether it is compressed, four bytes of length, the message (PROTOCOL-HTTP2.md,
/// Length-Prefixed-Message).
/// </summary>
internal static class MessageFrame
{
    public const int HeaderLength = 5;

    private static readonly MediaTypeHeaderValue s_contentType = new("application/grpc");

    public static ByteArrayContent ToContent(IMessage message)
    {
        var length = message.CalculateSize();
        var frame = new byte[HeaderLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(HeaderLength));
        return new ByteArrayContent(frame) { Headers = { ContentType = s_contentType } };
    }
}

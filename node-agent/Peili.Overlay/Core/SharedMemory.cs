using Google.Protobuf;
using Peili.Overlay.Security;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

/// <summary>
/// Buffers, derived ciphers and immutable records. A node has its own; thousands of simulated ones on one thread share one, which
/// is what makes room for them.
/// </summary>
internal sealed class SharedMemory(int cipherCapacity, bool internRecords) : IDisposable
{
    private readonly Dictionary<ByteString, MemberRecord> interned = [];

    public SessionCiphers Ciphers { get; } = new(cipherCapacity);

    public byte[] Plain { get; } = new byte[Limits.Datagram];

    public byte[] Opened { get; } = new byte[Limits.Datagram];

    /// <summary>For the news of one datagram, finished before anything else is sent.</summary>
    public NewsWriter News { get; } = new();

    public byte[] Packet { get; } = new byte[Limits.Datagram];

    /// <summary>Parses a record, or finds the very same one parsed before.</summary>
    public bool TryRead(ByteString encoded, out MemberRecord? record)
    {
        if (!internRecords)
        {
            return MemberRecord.TryParse(encoded.Span, out record);
        }

        if (!interned.TryGetValue(encoded, out record) && MemberRecord.TryParse(encoded.Span, out record))
        {
            interned[encoded] = record!;
        }

        return record is not null;
    }

    public void Dispose() => Ciphers.Dispose();
}

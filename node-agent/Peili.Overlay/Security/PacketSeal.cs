using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Peili.Overlay.Security;

/// <summary>
/// Seals and opens packets: AES-256-GCM (NIST SP 800-38D) with the counter as nonce. Without keys it writes packets of the clear form
/// and takes no others.
/// </summary>
internal sealed class PacketSeal(ClusterKeys keys, SessionCiphers ciphers)
{
    private const int NonceSize = 12;

    /// <summary>The keys in force; the first seals, any opens. Swapped when the key file changes.</summary>
    public ClusterKeys Keys { get; set; } = keys;

    public bool IsClear => Keys.IsEmpty;

    /// <summary>Whether some key of ours has the packet's hint; what has not is not worth a decryption.</summary>
    public bool KnowsKeyOf(in PacketHeader header)
    {
        foreach (var key in Keys.All)
        {
            if (key.Hint == header.KeyHint)
            {
                return true;
            }
        }

        return IsClear;
    }

    public int Overhead => IsClear ? 0 : PacketHeader.TagSize;

    /// <summary>Writes header, sealed payload and tag to <paramref name="packet"/>; says how long they are.</summary>
    public int Seal(in PacketHeader header, in SessionIdentity sender, ReadOnlySpan<byte> payload, Span<byte> packet)
    {
        var withKey = header;
        withKey.IsClear = IsClear;
        withKey.KeyHint = IsClear ? (byte)0 : Keys.All[0].Hint;
        withKey.Write(packet);
        var sealedPart = packet.Slice(header.Size, payload.Length);
        if (IsClear)
        {
            payload.CopyTo(sealedPart);
            return header.Size + payload.Length;
        }

        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(header.Counter, nonce);
        var tag = packet.Slice(header.Size + payload.Length, PacketHeader.TagSize);
        ciphers.Get(Keys.All[0], sender).Encrypt(nonce, payload, sealedPart, tag, packet[..header.Size]);
        return header.Size + payload.Length + PacketHeader.TagSize;
    }

    /// <summary>Opens a packet into <paramref name="payload"/>; false says that it is forged.</summary>
    public bool TryOpen(in PacketHeader header, in SessionIdentity sender, ReadOnlySpan<byte> packet, Span<byte> payload, out int length)
    {
        length = packet.Length - header.Size - Overhead;
        if (length < 0 || length > payload.Length || header.IsClear != IsClear)
        {
            return false;
        }

        if (IsClear)
        {
            packet[header.Size..].CopyTo(payload);
            return true;
        }

        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(header.Counter, nonce);
        foreach (var key in Keys.All)
        {
            if (key.Hint == header.KeyHint && TryDecrypt(key, header, sender, packet, nonce, payload[..length]))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryDecrypt(
        ClusterKey key, in PacketHeader header, in SessionIdentity sender, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> nonce, Span<byte> payload)
    {
        try
        {
            var body = packet.Slice(header.Size, payload.Length);
            ciphers.Get(key, sender).Decrypt(nonce, body, packet[^PacketHeader.TagSize..], payload, packet[..header.Size]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The platform has no form of Decrypt that returns this; it means a forgery, or one of two keys with the same hint.
            return false;
        }
    }

    private static void WriteNonce(ulong counter, Span<byte> nonce)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], counter);
    }
}

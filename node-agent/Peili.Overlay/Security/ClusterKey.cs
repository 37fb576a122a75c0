using System.Security.Cryptography;

namespace Peili.Overlay.Security;

/// <summary>One cluster key, with its extraction step done (RFC 5869, 2.2), so that a session costs only the expansion.</summary>
internal sealed class ClusterKey
{
    public const int Size = 32;

    private readonly byte[] pseudorandomKey;

    public ClusterKey(ReadOnlySpan<byte> secret)
    {
        pseudorandomKey = new byte[Size];
        HKDF.Extract(HashAlgorithmName.SHA256, secret, "peili overlay 1"u8, pseudorandomKey);
        Span<byte> hint = stackalloc byte[1];
        HKDF.Expand(HashAlgorithmName.SHA256, pseudorandomKey, hint, "hint"u8);
        Hint = hint[0];
    }

    /// <summary>Names the key in the clear header, so that packets under other keys are refused without a decryption.</summary>
    public byte Hint { get; }

    /// <summary>The AES-256 key of one session: nobody else ever has the same name and boot id, so its nonces may be a counter.</summary>
    public AesGcm DeriveSession(in SessionIdentity identity)
    {
        Span<byte> info = stackalloc byte[BootId.Size + OverlayOptions.MaximumName];
        identity.BootId.WriteBytes(info);
        identity.Name.CopyTo(info[BootId.Size..]);
        Span<byte> key = stackalloc byte[Size];
        HKDF.Expand(HashAlgorithmName.SHA256, pseudorandomKey, key, info[..(BootId.Size + identity.Name.Length)]);
        var cipher = new AesGcm(key, PacketHeader.TagSize);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }
}

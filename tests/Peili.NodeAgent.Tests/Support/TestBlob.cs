using System.Security.Cryptography;
using Peili.Containerd;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>Bytes and their digest.</summary>
internal sealed record TestBlob(byte[] Bytes)
{
    /// <summary>Small enough to be verified before the first byte is sent.</summary>
    public const int Small = 100_000;

    /// <summary>Large enough to be streamed.</summary>
    public const int Large = 6 * 1024 * 1024;

    public Digest Digest { get; } = Digest.Of(SHA256.HashData(Bytes));

    public int Length => Bytes.Length;

    public string Path => $"/v2/team/app/blobs/{Digest}?ns=registry.test";

    public static TestBlob Random(int length) => new(RandomNumberGenerator.GetBytes(length));

    /// <summary>The same but for one byte in the middle; the digest stays the right one.</summary>
    public byte[] Corrupted()
    {
        var bytes = (byte[])Bytes.Clone();
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }
}

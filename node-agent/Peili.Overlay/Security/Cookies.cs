using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Peili.Overlay.Security;

/// <summary>
/// Cookies for sessions not yet known, in the manner of RFC 9147, 5.1: nothing is kept for a stranger until it has answered from the
/// address it claims, to this very start of this member, so a recorded introduction changes nothing.
/// </summary>
internal sealed class Cookies
{
    public const int Size = 16;

    private static readonly long Period = TimeSpan.FromSeconds(30).Ticks;

    private readonly byte[] secret = new byte[32];

    public Cookies(IRandomSource random) => random.Fill(secret);

    public void Make(PeerAddress address, ulong session, long now, Span<byte> cookie) =>
        Compute(address, session, now / Period, cookie);

    /// <summary>Whether the cookie was made for this session at this address within the last 30 to 60 seconds.</summary>
    public bool IsValid(PeerAddress address, ulong session, long now, ReadOnlySpan<byte> cookie)
    {
        Span<byte> expected = stackalloc byte[Size];
        Compute(address, session, now / Period, expected);
        if (CryptographicOperations.FixedTimeEquals(expected, cookie))
        {
            return true;
        }

        Compute(address, session, (now / Period) - 1, expected);
        return CryptographicOperations.FixedTimeEquals(expected, cookie);
    }

    private void Compute(PeerAddress address, ulong session, long period, Span<byte> cookie)
    {
        Span<byte> input = stackalloc byte[34];
        BinaryPrimitives.WriteUInt64LittleEndian(input, address.High);
        BinaryPrimitives.WriteUInt64LittleEndian(input[8..], address.Low);
        BinaryPrimitives.WriteUInt16LittleEndian(input[16..], address.Port);
        BinaryPrimitives.WriteUInt64LittleEndian(input[18..], session);
        BinaryPrimitives.WriteInt64LittleEndian(input[26..], period);
        Span<byte> code = stackalloc byte[32];
        HMACSHA256.HashData(secret, input, code);
        code[..Size].CopyTo(cookie);
    }
}

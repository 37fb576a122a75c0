using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Peili.Hosting;

/// <summary>The secrets that a listener lets clients in by: <c>Authorization: Bearer</c> and one of them (RFC 6750, section 2.1). Immutable.</summary>
public sealed class BearerTokens
{
    /// <summary>What a refused client is told in <c>WWW-Authenticate</c>.</summary>
    public const string Challenge = "Bearer";

    private const string Scheme = "Bearer ";
    private const int MostTokens = 16;
    private const int LeastLength = 16;
    private const int MostLength = 4096;

    private readonly byte[][] _hashes;

    private BearerTokens(byte[][] hashes) => _hashes = hashes;

    /// <summary>Reads tokens, one a line; several let old and new one count during a rotation. Blank lines are passed over.</summary>
    /// <exception cref="FormatException">There is none, or one is no token; the message never holds it.</exception>
    public static BearerTokens Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (tokens.Length is 0 or > MostTokens || !Array.TrueForAll(tokens, IsToken))
        {
            throw new FormatException($"a token file must hold 1 to {MostTokens} lines, each one token of {LeastLength} to {MostLength} visible ASCII characters");
        }

        return new BearerTokens([.. tokens.Select(token => SHA256.HashData(Encoding.ASCII.GetBytes(token)))]);
    }

    /// <summary>Whether the request carries one. Takes the same time whichever it is, and whatever else it carries.</summary>
    public bool Allow(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var header = request.Headers.Authorization.ToString();
        var isBearer = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(isBearer ? header[Scheme.Length..].Trim() : string.Empty));
        var isAllowed = false;
        foreach (var allowed in _hashes)
        {
            isAllowed |= CryptographicOperations.FixedTimeEquals(hash, allowed);
        }

        return isAllowed & isBearer;
    }

    private static bool IsToken(string text) => text.Length is >= LeastLength and <= MostLength && text.All(character => character is > ' ' and <= '~');
}

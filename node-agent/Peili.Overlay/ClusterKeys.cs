using System.Security.Cryptography;
using Peili.Overlay.Security;

namespace Peili.Overlay;

/// <summary>The cluster's keys: the first seals, any of them opens, so that a rotation adds, then moves to the front, then removes.</summary>
public sealed class ClusterKeys
{
    /// <summary>More keys than any rotation needs; each one costs a decryption for every forged packet.</summary>
    public const int Maximum = 8;

    private ClusterKeys(ClusterKey[] keys, IReadOnlyList<string> fingerprints) => (All, Fingerprints) = (keys, fingerprints);

    /// <summary>No keys: packets are neither sealed nor authenticated. Tests and single machines only.</summary>
    public static ClusterKeys Insecure { get; } = new([], []);

    /// <summary>Whether packets go in the clear.</summary>
    public bool IsEmpty => All.Length == 0;

    /// <summary>The keys' SHA-256 in hexadecimal, in their order: they tell which keys these are, and nothing of them.</summary>
    public IReadOnlyList<string> Fingerprints { get; }

    internal ClusterKey[] All { get; }

    /// <summary>Reads a key file: one base64 key of 256 bits a line; empty lines and lines that begin with # are skipped.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="keys">The keys, when all is well.</param>
    /// <param name="error">Which line is wrong and how, for a log; never the key itself.</param>
    public static bool TryParse(string text, out ClusterKeys? keys, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        keys = null;
        error = null;
        var parsed = new List<ClusterKey>();
        var fingerprints = new List<string>();
        var number = 0;
        Span<byte> secret = stackalloc byte[ClusterKey.Size];
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.IsEmpty || trimmed[0] == '#')
            {
                continue;
            }

            if (!Convert.TryFromBase64Chars(trimmed, secret, out var written) || written != ClusterKey.Size)
            {
                error = $"line {number} is not 32 bytes in base64";
                return false;
            }

            parsed.Add(new ClusterKey(secret));
            fingerprints.Add(Convert.ToHexString(SHA256.HashData(secret)));
        }

        if (parsed.Count is 0 or > Maximum)
        {
            error = parsed.Count == 0 ? "there is no key" : $"there are more than {Maximum} keys";
            return false;
        }

        keys = new ClusterKeys([.. parsed], fingerprints);
        return true;
    }
}

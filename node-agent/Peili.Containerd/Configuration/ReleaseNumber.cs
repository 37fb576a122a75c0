using System.Globalization;

namespace Peili.Containerd.Configuration;

/// <summary>A containerd release's number, which decides how it reads its configuration.</summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second.</param>
/// <param name="Patch">The third.</param>
public readonly record struct ReleaseNumber(int Major, int Minor, int Patch) : IComparable<ReleaseNumber>
{
    /// <summary>The first release with hosts.toml.</summary>
    public static ReleaseNumber First { get; } = new(1, 5, 0);

    /// <summary>The highest configuration version that this release reads.</summary>
    public int MaxConfigVersion => this < new ReleaseNumber(2, 0, 0) ? 2 : this < new ReleaseNumber(2, 3, 0) ? 3 : 4;

    /// <summary>Whether images are pulled through the transfer service unless a setting says otherwise.</summary>
    public bool PullsByTransfer => this >= new ReleaseNumber(2, 1, 0);

    /// <summary>Reads the number at the start of what containerd calls its version, such as <c>1.6.20~ds1</c> or <c>v2.1.4-k3s1</c>.</summary>
    /// <returns>False when there is none.</returns>
    public static bool TryParse(string? version, out ReleaseNumber number)
    {
        var parts = (version ?? string.Empty).TrimStart('v').Split('.', 3);
        number = default;
        if (parts.Length < 2 || Digits(parts[0]) is not { } major || Digits(parts[1]) is not { } minor)
        {
            return false;
        }

        number = new ReleaseNumber(major, minor, parts.Length > 2 ? Digits(parts[2]) ?? 0 : 0);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ReleaseNumber other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Whether <paramref name="left"/> is the older one.</summary>
    public static bool operator <(ReleaseNumber left, ReleaseNumber right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is the newer one.</summary>
    public static bool operator >(ReleaseNumber left, ReleaseNumber right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is older or the same.</summary>
    public static bool operator <=(ReleaseNumber left, ReleaseNumber right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is newer or the same.</summary>
    public static bool operator >=(ReleaseNumber left, ReleaseNumber right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}.{Patch}";

    /// <summary>The number that the text begins with.</summary>
    private static int? Digits(string text) =>
        int.TryParse(string.Concat(text.TakeWhile(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

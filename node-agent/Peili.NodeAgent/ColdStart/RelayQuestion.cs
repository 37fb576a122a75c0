using System.Globalization;

namespace Peili.NodeAgent.ColdStart;

/// <summary>
/// What a child says of itself when it asks for a blob that may still be on its way, in the header X-Peili-Relay: its node name, its place among
/// those that ask, and how many milliseconds it waits for a first byte.
/// </summary>
/// <param name="Child">The node that asks.</param>
/// <param name="Ordinal">Its place.</param>
/// <param name="Wait">Its patience, a minute at most.</param>
internal readonly record struct RelayQuestion(string Child, uint Ordinal, TimeSpan Wait)
{
    public const string Header = "X-Peili-Relay";

    private const int LongestName = 253;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    /// <summary>Reads the header; null when there is none that makes sense.</summary>
    public static RelayQuestion? Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Header, out var values) || values is not [{ } text])
        {
            return null;
        }

        return text.Split(' ') is [{ Length: > 0 and <= LongestName } child, var ordinal, var wait]
            && uint.TryParse(ordinal, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            && uint.TryParse(wait, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= MaxWait.TotalMilliseconds
            ? new RelayQuestion(child, place, TimeSpan.FromMilliseconds(milliseconds))
            : null;
    }

    /// <summary>The header's value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Child} {Ordinal} {Math.Clamp(Wait.TotalMilliseconds, 0, MaxWait.TotalMilliseconds):0}");
}

namespace Peili.Overlay.ColdStart;

/// <summary>
/// A child's search for somebody to stream from: candidates in turn, those that a full parent names before the rest, nobody twice, and not for
/// ever. It holds node names alone; who they are is for the caller to know.
/// </summary>
public sealed class SourceSearch
{
    /// <summary>Questions to members between two bytes; after that the child goes upstream.</summary>
    private const int MostTries = 24;

    private readonly LinkedList<string> candidates = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> failed = new(StringComparer.Ordinal);
    private int tries;

    /// <summary>Those that failed: not to be offered again.</summary>
    public IReadOnlyCollection<string> Failed => failed;

    /// <summary>Whether so many were asked in vain that it is time to go upstream.</summary>
    public bool IsHopeless => tries >= MostTries;

    /// <summary>A tracker's candidates; what was left of the last ones is forgotten.</summary>
    /// <param name="names">Best first.</param>
    public void Offer(IEnumerable<string> names)
    {
        candidates.Clear();
        seen.Clear();
        foreach (var name in names)
        {
            Add(name, first: false);
        }
    }

    /// <summary>The next to ask; null when a tracker must be asked for more.</summary>
    public string? Next()
    {
        if (IsHopeless || candidates.First is not { } first)
        {
            return null;
        }

        candidates.RemoveFirst();
        tries++;
        return first.Value;
    }

    /// <summary>One refused, and named others.</summary>
    /// <param name="instead">Best first.</param>
    public void Refused(IReadOnlyList<string> instead)
    {
        ArgumentNullException.ThrowIfNull(instead);
        for (var at = instead.Count - 1; at >= 0; at--)
        {
            Add(instead[at], first: true);
        }
    }

    /// <summary>One could not be reached, broke off or sent nothing.</summary>
    /// <param name="name">Its name.</param>
    public void Fail(string name) => failed.Add(name);

    /// <summary>Bytes came: the search begins anew when they end, with those of the candidates that are left.</summary>
    public void Progressed() => tries = 0;

    private void Add(string name, bool first)
    {
        if (failed.Contains(name) || !seen.Add(name))
        {
            return;
        }

        if (first)
        {
            candidates.AddFirst(name);
        }
        else
        {
            candidates.AddLast(name);
        }
    }
}

namespace Peili.Overlay.ColdStart;

/// <summary>All fetches that a member tracks, within bounds.</summary>
internal sealed class FetchTable
{
    private readonly Dictionary<DirectoryKey, Fetch> fetches = [];

    public int Count => fetches.Count;

    /// <summary>The fetch of a blob; null when nobody is known to fetch it.</summary>
    public Fetch? Find(DirectoryKey key) => fetches.GetValueOrDefault(key);

    /// <summary>The fetch of a blob, begun if need be.</summary>
    /// <param name="key">The blob.</param>
    /// <param name="member">Who is to take part.</param>
    /// <returns>Null when there are too many fetches, or too many members in them for one more.</returns>
    public Fetch? Begin(DirectoryKey key, ulong member)
    {
        var fetch = Find(key);
        if (fetch?.Has(member) == true)
        {
            return fetch;
        }

        if (CountParticipants() >= ColdStartLimits.Participants || (fetch is null && fetches.Count >= ColdStartLimits.Fetches))
        {
            return null;
        }

        if (fetch is null)
        {
            fetches.Add(key, fetch = new Fetch());
        }

        return fetch;
    }

    /// <summary>Forgets what is over. Called now and then.</summary>
    public void Purge(long now)
    {
        foreach (var (key, fetch) in fetches)
        {
            fetch.Lapse(now);
            if (fetch.Count == 0)
            {
                fetches.Remove(key);
            }
        }
    }

    private int CountParticipants()
    {
        var count = 0;
        foreach (var fetch in fetches.Values)
        {
            count += fetch.Count;
        }

        return count;
    }
}

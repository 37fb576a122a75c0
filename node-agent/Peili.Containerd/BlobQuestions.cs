namespace Peili.Containerd;

/// <summary>
/// The blobs containerd is to be asked about, one by one. containerd renames a blob's file first, records it for the namespace after
/// the next write to disk, and labels it later still: one that is not recorded yet is asked about a few times more, one without labels once more.
/// </summary>
internal sealed class BlobQuestions(TimeProvider timeProvider)
{
    private const int MaxOpen = 1024;

    private static readonly TimeSpan[] s_delays =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15)];

    private readonly Dictionary<Digest, Question> _open = [];

    /// <summary>Until the next question is due; null when there is none.</summary>
    public TimeSpan? NextDue => _open.Count == 0 ? null
        : TimeSpan.FromTicks(Math.Max(0, (_open.Values.Min(question => question.Due) - Now).Ticks));

    private TimeSpan Now => timeProvider.GetElapsedTime(0);

    /// <summary>Makes the question due now; false when there are too many already, and a list is the better way.</summary>
    public bool TryAsk(Digest digest)
    {
        if (_open.Count >= MaxOpen && !_open.ContainsKey(digest))
        {
            return false;
        }

        _open[digest] = new Question(digest, Attempt: 0, Now);
        return true;
    }

    /// <summary>Puts the question again later, unless it was put often enough.</summary>
    public void AskAgain(Question question)
    {
        if (question.Attempt < s_delays.Length)
        {
            _open.TryAdd(question.Digest, new Question(question.Digest, question.Attempt + 1, Now + s_delays[question.Attempt]));
        }
    }

    public void Forget(Digest digest) => _open.Remove(digest);

    /// <summary>Forgets what a list has answered.</summary>
    public void ForgetAll(ImageStoreSnapshot listed)
    {
        foreach (var digest in _open.Keys.Where(listed.Contains).ToArray())
        {
            _open.Remove(digest);
        }
    }

    /// <summary>Takes out questions that are due, as many as <paramref name="max"/>.</summary>
    public IReadOnlyList<Question> TakeDue(int max)
    {
        var now = Now;
        var due = _open.Values.Where(question => question.Due <= now).Take(max).ToArray();
        foreach (var question in due)
        {
            _open.Remove(question.Digest);
        }

        return due;
    }

    /// <param name="Digest">The blob.</param>
    /// <param name="Attempt">How often it was asked about before.</param>
    /// <param name="Due">When to ask, by the clock's timestamp.</param>
    internal sealed record Question(Digest Digest, int Attempt, TimeSpan Due);
}

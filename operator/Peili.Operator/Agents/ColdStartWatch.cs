using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Peili.AgentApi;

namespace Peili.Operator.Agents;

/// <summary>
/// Follows cold starts while somebody looks, on every replica; when nobody does, nobody is asked anything. Each agent is asked once, and again when its
/// status version is another one, as that of an agent is which begins to lead a cold start; whoever takes part in one is asked every second.
/// </summary>
internal sealed class ColdStartWatch(ReadAgents read, AgentClient agents, TimeProvider time)
{
    /// <summary>Of those that take part, so many are asked in a round: a thousand answer in twenty seconds.</summary>
    private const int MostParticipants = 48;

    /// <summary>And so many of the others.</summary>
    private const int MostOthers = 16;

    private const int AskedAtOnce = 16;
    private const int MostBlobs = 8;
    private const int MostChildren = 16;
    private const int Tellers = 3;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>A page that is open looks every second.</summary>
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private Dictionary<string, (ulong Epoch, uint StatusVersion)> _versions = new(StringComparer.Ordinal);
    private string? _teller;
    private ulong _tableHash;
    private long _lookedAt;

    /// <summary>Whether it has stopped asking, for nobody looks.</summary>
    public bool IsIdle { get; private set; } = true;

    /// <summary>What each agent told of what it fetches together with others; whoever takes no part is left out. It goes on being true while this is called.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FetchedBlob>> Look()
    {
        Volatile.Write(ref _lookedAt, time.GetTimestamp());
        _looks.Writer.TryWrite(true);
        return _answers.Where(answer => answer.Value.Blobs.Count > 0).ToDictionary(answer => answer.Key, answer => answer.Value.Blobs, StringComparer.Ordinal);
    }

    /// <summary>Asks while somebody looks, until the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _looks.Reader.ReadAsync(cancellationToken);
            IsIdle = false;
            await FollowAsync(cancellationToken);

            // Who looks again finds no old news.
            _answers.Clear();
            _texts.Clear();
            _versions.Clear();
            _teller = null;
            IsIdle = true;
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        while (time.GetElapsedTime(Volatile.Read(ref _lookedAt)) < s_linger)
        {
            var there = read();
            foreach (var gone in _answers.Keys.Where(node => !there.ContainsKey(node)))
            {
                _answers.TryRemove(gone, out _);
            }

            await ReadVersionsAsync(there, cancellationToken);
            await Parallel.ForEachAsync(
                Due(there.Keys),
                new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken },
                async (node, token) => await AskAsync(node, there, token));
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>From the agent that told last, or another one when it does not answer.</summary>
    private async Task ReadVersionsAsync(IReadOnlyDictionary<string, IPEndPoint> there, CancellationToken cancellationToken)
    {
        foreach (var node in there.Keys.OrderBy(node => node == _teller ? -1 : Random.Shared.Next()).Take(Tellers).ToArray())
        {
            var known = node == _teller ? _tableHash : 0;
            if (await AnswerAsync(agents.MembersAsync(there[node], known, cancellationToken)) is not { } table)
            {
                continue;
            }

            if (table.Hash != known)
            {
                var versions = new Dictionary<string, (ulong, uint)>(StringComparer.Ordinal);
                foreach (var member in table.Members)
                {
                    versions[member.Name] = (member.Epoch, member.StatusVersion);
                }

                _versions = versions;
            }

            (_teller, _tableHash) = (node, table.Hash);
            return;
        }

        _teller = null;
    }

    /// <summary>Whom to ask now: of either kind those first that have waited longest, and of the others those with news before those that were never asked.</summary>
    private string[] Due(IEnumerable<string> nodes)
    {
        var participants = Participants();
        var due = nodes.Where(node => participants.Contains(node) || _answers.GetValueOrDefault(node)?.Version != _versions.GetValueOrDefault(node))
            .OrderBy(node => _answers.GetValueOrDefault(node)?.AskedAt)
            .ToLookup(participants.Contains);
        return [.. due[true].Take(MostParticipants), .. due[false].OrderBy(node => _answers.ContainsKey(node) ? 0 : 1).Take(MostOthers)];
    }

    /// <summary>Those that said so, and those that they named.</summary>
    private HashSet<string> Participants()
    {
        var participants = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (node, answer) in _answers.Where(answer => answer.Value.Blobs.Count > 0))
        {
            participants.Add(node);
            participants.UnionWith(answer.Blobs.SelectMany(blob => blob.Children.Append(blob.Parent)));
        }

        return participants;
    }

    /// <summary>One lost answer is no news; after a second one the node is taken for gone.</summary>
    private async Task AskAsync(string node, IReadOnlyDictionary<string, IPEndPoint> there, CancellationToken cancellationToken)
    {
        var version = _versions.GetValueOrDefault(node);
        var before = _answers.GetValueOrDefault(node);
        var reply = await AnswerAsync(agents.StatusAsync(there[node], cancellationToken));
        IReadOnlyList<FetchedBlob> blobs = reply?.NodeName == node ? [.. reply.ColdStart.Where(IsSound).Take(MostBlobs).Select(Shared)] : reply is null && before is { IsLost: false } ? before.Blobs : [];
        _answers[node] = new Answer(time.GetTimestamp(), version, blobs, reply is null);
    }

    /// <summary>Nothing that an agent sends makes the page larger than it should be.</summary>
    private static bool IsSound(FetchedBlob blob) =>
        blob.Digest.Length is > 0 and <= 71 && blob.Registry.Length <= 261 && blob.Repository.Length <= 255 && blob.Children.Count <= MostChildren
        && blob.Children.Append(blob.Parent).All(node => node.Length <= 253) && blob is { Bytes: >= 0, Total: >= 0 };

    /// <summary>Thousands of nodes tell of the same blobs and of each other: each text is kept once.</summary>
    private FetchedBlob Shared(FetchedBlob blob)
    {
        (blob.Digest, blob.Registry, blob.Repository, blob.Parent) = (Text(blob.Digest), Text(blob.Registry), Text(blob.Repository), Text(blob.Parent));
        for (var child = 0; child < blob.Children.Count; child++)
        {
            blob.Children[child] = Text(blob.Children[child]);
        }

        return blob;

        string Text(string text) => _texts.GetOrAdd(text, text);
    }

    /// <summary>Null when there is none: whether agents answer at all is the poller's to tell.</summary>
    private static async Task<T?> AnswerAsync<T>(Task<T> ask)
        where T : class
    {
        try
        {
            return await ask;
        }
        catch (AgentUnreachableException)
        {
            return null;
        }
    }

    private sealed record Answer(long AskedAt, (ulong Epoch, uint StatusVersion) Version, IReadOnlyList<FetchedBlob> Blobs, bool IsLost);
}

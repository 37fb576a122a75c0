using Peili.Overlay.ColdStart;

namespace Peili.Overlay.Simulation.ColdStart;

/// <summary>
/// One node's part in a cold start: the shipping roles, admission and search, with bytes that are only counted. What the agent does between them
/// over HTTP is repeated here as a state machine; its bounds are the agent's.
/// </summary>
internal sealed class SimulatedFetch(SimulatedHerd herd, SimulatedNode node, int index)
{
    /// <summary>containerd writes what it receives in steps of this many bytes.</summary>
    private const long WriteStep = 1 << 20;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>After half a second of silence, as the agent's timer sees it; and how long an answer may take.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromMilliseconds(750);
    private static readonly TimeSpan ReachPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>A request to a peer: connection, handshake, headers.</summary>
    private static readonly TimeSpan Request = TimeSpan.FromMilliseconds(3);

    /// <summary>From containerd's request to upstream's first byte.</summary>
    private static readonly TimeSpan UpstreamLatency = TimeSpan.FromMilliseconds(50);

    private readonly SourceSearch search = new();
    private readonly Admission admission = new();
    private readonly List<SimulatedFetch> children = [];
    private IReadOnlyList<string> path = [];
    private Upload? upload;
    private SimulatedFetch? parent;
    private GrantReason reason = GrantReason.First;
    private long deadline;
    private long progressAt;
    private long doubtedAt;
    private uint ordinal;
    private int searchNumber;

    public SimulatedNode Node => node;

    public string Name => node.Name;

    public FetchState State { get; private set; }

    /// <summary>Bytes that its containerd has received.</summary>
    public double Received { get; private set; }

    /// <summary>Bytes that others can read.</summary>
    public long Mark { get; private set; }

    /// <summary>When upstream sends to it, in ticks.</summary>
    public long UpstreamFrom { get; private set; }

    public long DoneAt { get; private set; }

    public IReadOnlyList<SimulatedFetch> Children => children;

    public void Start()
    {
        deadline = herd.Now + Wait.Ticks;
        Search();
    }

    public void Die()
    {
        State = FetchState.Dead;
        node.Crash();
    }

    /// <summary>Bytes came.</summary>
    public void Receive(double bytes)
    {
        if (bytes <= 0)
        {
            return;
        }

        Received = Math.Min(herd.Settings.Size, Received + bytes);
        progressAt = herd.Now;
        search.Progressed();
        if (upload is not null)
        {
            upload.Sent = (long)Received;
        }
    }

    /// <summary>What happens when a step's bytes have come.</summary>
    public void Settle()
    {
        Mark = Received >= herd.Settings.Size ? herd.Settings.Size : (long)Received / WriteStep * WriteStep;
        switch (State)
        {
            case FetchState.Origin or FetchState.Streaming when Received >= herd.Settings.Size:
                Leave();
                State = FetchState.Done;
                DoneAt = herd.Now;
                node.Node!.Announce(herd.Key);
                break;
            case FetchState.Streaming when herd.Now - progressAt > Silence.Ticks:
                LoseSource();
                break;
            case FetchState.Streaming when herd.Now - progressAt > Doubt.Ticks && doubtedAt != progressAt:
                doubtedAt = progressAt;
                AskParent(parent!, progressAt);
                break;
        }
    }

    /// <summary>Twice a second.</summary>
    public void Report()
    {
        if (State == FetchState.Origin)
        {
            node.Node!.ReportLease(herd.Key, Mark > 0 ? LeasePhase.Fetching : LeasePhase.Granted, Mark);
        }
    }

    private void AskParent(SimulatedFetch doubted, long since) => node.Node!.Reach(doubted.Name, ReachPatience, isThere =>
    {
        if (!isThere && State == FetchState.Streaming && parent == doubted && progressAt == since)
        {
            search.Fail(doubted.Name);
            LoseSource();
        }
    });

    private void LoseSource()
    {
        Leave();
        reason = GrantReason.SourceLost;
        deadline = herd.Now + MostSilence.Ticks;
        Search();
    }

    private void Search()
    {
        State = FetchState.Searching;
        searchNumber++;
        Next();
    }

    private void Next()
    {
        if (herd.Now >= deadline || search.IsHopeless)
        {
            BecomeOrigin();
            return;
        }

        if (search.Next() is { } name)
        {
            After(Request, () => Ask(herd.Find(name)));
            return;
        }

        var left = TimeSpan.FromTicks(deadline - herd.Now);
        var number = searchNumber;
        node.Node!.AskRole(new GrantRequest(herd.Key, (ulong)index + 1, (long)Received, herd.Settings.Size, reason, 0, search.Failed), left, grant =>
        {
            if (number == searchNumber && State == FetchState.Searching)
            {
                Take(grant);
            }
        });
    }

    private void Take(Grant grant)
    {
        ordinal = Math.Max(ordinal, grant.Ordinal);
        if (grant.Kind != GrantKind.Child)
        {
            BecomeOrigin();
            return;
        }

        var isFirst = reason == GrantReason.First;
        deadline += isFirst ? WaitingBudget.StageOf(grant.Ordinal).Ticks : 0;
        reason = GrantReason.SourceLost;
        search.Offer(grant.Candidates.Select(candidate => candidate.Name));
        After(isFirst ? TimeSpan.Zero : Pause, Next);
    }

    private void Ask(SimulatedFetch asked)
    {
        if (asked.State == FetchState.Dead)
        {
            search.Fail(asked.Name);
            After(ConnectTimeout, Next);
            return;
        }

        var isAhead = asked.Mark > Received || (asked.State == FetchState.Origin && asked.Mark >= (long)Received)
            || (asked.Mark == 0 && Received == 0 && asked.ordinal > 0 && asked.ordinal < ordinal);
        if (!isAhead)
        {
            Next();
            return;
        }

        var answer = asked.admission.TryAdmit(Name, herd.Key, (long)Received, () => asked.Mark, asked.State == FetchState.Done ? [] : asked.path);
        if (answer.Upload is null)
        {
            search.Refused(answer.Instead);
            Next();
            return;
        }

        parent = asked;
        upload = answer.Upload;
        path = [.. asked.path, asked.Name];
        asked.children.Add(this);
        progressAt = herd.Now;
        State = FetchState.Streaming;
    }

    private void BecomeOrigin()
    {
        State = FetchState.Origin;
        path = [];
        UpstreamFrom = herd.Now + UpstreamLatency.Ticks;
        Report();
    }

    private void Leave()
    {
        upload?.Dispose();
        upload = null;
        parent?.children.Remove(this);
        parent = null;
    }

    private void After(TimeSpan delay, Action action)
    {
        var number = searchNumber;
        herd.Simulation.At(delay, () =>
        {
            if (number == searchNumber && State == FetchState.Searching)
            {
                action();
            }
        });
    }
}

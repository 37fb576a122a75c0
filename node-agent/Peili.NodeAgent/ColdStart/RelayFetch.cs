using Peili.Containerd;
using Peili.Containerd.Ingests;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Transfers;
using Peili.Overlay;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.ColdStart;

/// <summary>
/// One request of this node's containerd for a blob that others may be fetching: asks a tracker for this node's role, and those it names for
/// their bytes; goes on elsewhere when one ends; and gives up early rather than make a pull slower than it would be without.
/// </summary>
internal sealed partial class RelayFetch(ColdStartServices services, OverlayNode overlay, ContentRequest content, Lease lease, GrowingBlob ingest) : IContinuation
{
    /// <summary>Without a byte for so long in the middle, containerd goes on upstream.</summary>
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(10);

    /// <summary>After a transfer was closed short the blob's requests are left to upstream for so long: closed three times in vain, containerd gives up.</summary>
    private static readonly TimeSpan LeftToUpstream = TimeSpan.FromSeconds(10);

    /// <summary>The time over which a rate is taken.</summary>
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(3);

    /// <summary>A first byte is waited for so much longer at a time, while other blobs of the registry come.</summary>
    private static readonly TimeSpan WhileFlowing = TimeSpan.FromMilliseconds(500);

    /// <summary>After so much of that a tracker lets one node after the other go upstream.</summary>
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan EscapePatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SourceSearch _search = new();
    private readonly Dictionary<string, Peer> _peers = new(StringComparer.Ordinal);
    private readonly ulong _number = (ulong)Random.Shared.NextInt64();
    private (long Offset, long At) _window;
    private long _counted;

    private string Repository => $"{content.Registry}/{content.Path.Repository}";

    private bool IsSmall => ingest.Total <= GrantRequest.SmallBlob;

    /// <summary>A body that begins at <paramref name="offset"/>; null when this node is to fetch by itself.</summary>
    public async ValueTask<BodyStream?> OpenAsync(long offset, CancellationToken cancellationToken)
    {
        _counted = offset;
        var start = services.Time.GetTimestamp();
        var patience = services.Budget.Begin(Repository);
        var inVain = false;
        try
        {
            var (body, timedOut) = await FindAsync(offset, GrantReason.First, patience, isFirst: true, cancellationToken);
            inVain = timedOut;
            services.Counters.RecordWait(services.Time.GetElapsedTime(start), body is not null);

            // The wait for the first byte is not the source's rate.
            _window = (offset, services.Time.GetTimestamp());
            return body;
        }
        finally
        {
            services.Budget.End(Repository, inVain);
        }
    }

    /// <summary>Nobody was found: this node's containerd fetches the blob from upstream, and others may stream it from here.</summary>
    public void GoUpstream(long offset) => services.Leases.BecomeOrigin(lease, offset);

    public async ValueTask<BodyStream?> GoOnAsync(BodyStream ended, long offset, long end, CancellationToken cancellationToken)
    {
        services.Counters.CountStall(RelayStall.SourceLost);
        if (ended.IsGone)
        {
            services.Peers.Health.ReportFailure(ended.Answer.Peer, ended.Failure!);
            _search.Fail(ended.Answer.Peer.Name);
        }

        var (body, _) = await FindAsync(offset, GrantReason.SourceLost, MostSilence, isFirst: false, cancellationToken);
        _window = (offset, services.Time.GetTimestamp());
        if (body is null && !cancellationToken.IsCancellationRequested)
        {
            LeaveToUpstream(offset);
        }

        return body;
    }

    public ValueTask<bool> ProgressAsync(long offset, CancellationToken cancellationToken)
    {
        _search.Progressed();
        services.Rates.AddRelayed(content.Registry!, offset - _counted);
        _counted = offset;
        var now = services.Time.GetTimestamp();
        var elapsed = services.Time.GetElapsedTime(_window.At, now);
        if (elapsed < RateWindow)
        {
            return ValueTask.FromResult(true);
        }

        var rate = (offset - _window.Offset) / elapsed.TotalSeconds;
        _window = (offset, now);
        return rate >= services.Options.Relay.MinRate && !services.Rates.IsSlow(content.Registry!) ? ValueTask.FromResult(true) : StayAsync(offset, cancellationToken);
    }

    /// <summary>The source is slow. Unless a tracker lets this node go upstream, it stays.</summary>
    private async ValueTask<bool> StayAsync(long offset, CancellationToken cancellationToken)
    {
        if (!await MayEscapeAsync(offset, cancellationToken))
        {
            return true;
        }

        services.Counters.CountStall(RelayStall.TooSlow);
        LeaveToUpstream(offset);
        return false;
    }

    private async ValueTask<bool> MayEscapeAsync(long offset, CancellationToken cancellationToken) =>
        (await AskAsync(offset, GrantReason.Escape, EscapePatience, cancellationToken)).Kind == GrantKind.Origin;

    private void LeaveToUpstream(long offset)
    {
        lease.UpstreamUntil = services.Time.GetTimestamp() + (long)(LeftToUpstream.TotalSeconds * services.Time.TimestampFrequency);
        services.Leases.BecomeOrigin(lease, offset);
    }

    private async ValueTask<(BodyStream? Body, bool TimedOut)> FindAsync(long offset, GrantReason reason, TimeSpan patience, bool isFirst, CancellationToken cancellationToken)
    {
        var start = services.Time.GetTimestamp();
        while (!_search.IsHopeless && !cancellationToken.IsCancellationRequested)
        {
            var left = patience - services.Time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                // Other blobs of this registry come as fast as they can: going upstream for this one, too, would only slow them down.
                var mayWait = isFirst && services.Rates.IsFlowing(content.Registry!, services.Options.Relay.MinRate);
                if (!mayWait || (patience >= MostPatience && await MayEscapeAsync(offset, cancellationToken)))
                {
                    return (null, true);
                }

                patience += WhileFlowing;
                continue;
            }

            if (_search.Next() is { } name)
            {
                if (await TryAsync(_peers[name], offset, left, isFirst, cancellationToken) is { } body)
                {
                    return (body, false);
                }

                continue;
            }

            var grant = await AskAsync(offset, reason, left, cancellationToken);
            LogGrant(services.Logger, lease.Digest, offset, reason, grant.Kind, grant.Ordinal, new NameList(grant.Candidates.Select(candidate => candidate.Name)));
            if (grant.Kind != GrantKind.Child)
            {
                return (null, services.Time.GetElapsedTime(start) >= patience);
            }

            patience += isFirst && reason == GrantReason.First ? WaitingBudget.StageOf(grant.Ordinal) : TimeSpan.Zero;
            if (reason == GrantReason.SourceLost)
            {
                // Those that were named refuse, or are gone: their trackers will know better in a moment.
                await Task.Delay(Pause, services.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            // Others want it, too.
            services.Leases.SeeHerd();
            reason = GrantReason.SourceLost;
            Offer(grant.Candidates);
        }

        return (null, false);
    }

    private async ValueTask<Grant> AskAsync(long offset, GrantReason reason, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            var grant = await overlay.AskRoleAsync(
                new GrantRequest(AnnouncedKeys.Of(lease.Digest), _number, offset, ingest.Total, reason, services.Leases.Load, _search.Failed), patience, cancellationToken);
            services.Counters.CountGrant(grant.Kind);
            lease.Ordinal = grant.Ordinal > 0 ? grant.Ordinal : lease.Ordinal;
            return grant;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new Grant(GrantKind.None, [], 0);
        }
    }

    private void Offer(IReadOnlyList<LookupCandidate> candidates)
    {
        foreach (var candidate in candidates)
        {
            Know(candidate);
        }

        _search.Offer(candidates.Select(candidate => candidate.Name));
    }

    private void Know(in LookupCandidate candidate)
    {
        var peer = new Peer(candidate.Name, candidate.Address.ToEndPoint());
        _peers[candidate.Name] = peer;
        if (services.Peers.Health.SentWrong(peer, lease.Digest))
        {
            _search.Fail(candidate.Name);
        }
    }

    private async ValueTask<BodyStream?> TryAsync(Peer peer, long offset, TimeSpan left, bool isFirst, CancellationToken cancellationToken)
    {
        // In the middle of a transfer those that are ahead have the byte already.
        var wait = isFirst ? left : TransferLimits.OpenTimeout;
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        cut.CancelAfter(wait + TransferLimits.OpenTimeout);
        var question = new RelayQuestion(services.Options.NodeName, lease.Ordinal, wait);
        var answer = await services.Client.SendAsync(
            HttpMethod.Get, peer, content, offset == 0 ? null : new ByteRange(offset, null), cut.Token, IsSmall ? null : question);
        LogAnswer(services.Logger, peer, lease.Digest, offset, answer.Outcome, answer.Reason, new NameList(answer.Instead), new NameList(answer.Path));
        switch (answer.Outcome)
        {
            case PeerOutcome.Found when answer.TotalLength == ingest.Total || ingest.Total == 0:
                lease.IsOrigin = false;
                lease.Path = answer.Path.Count > 0 ? answer.Path : [peer.Name];
                return new BodyStream(answer);
            case PeerOutcome.Refused:
                _search.Refused(Resolve(answer.Instead));
                return null;
            case PeerOutcome.Absent:
                return null;
            case PeerOutcome.Failed:
                services.Peers.Health.ReportFailure(peer, answer.Reason ?? "no answer");
                break;
        }

        answer.Dispose();
        _search.Fail(peer.Name);
        return null;
    }

    private List<string> Resolve(IReadOnlyList<string> names)
    {
        var known = new List<string>(names.Count);
        foreach (var name in names)
        {
            if (overlay.FindMember(name) is { } member)
            {
                Know(member);
                known.Add(name);
            }
        }

        return known;
    }

    [LoggerMessage(EventId = 433, Level = LogLevel.Debug, Message = "Role for {Digest} at byte {Offset} ({Reason}): {Role}, {Ordinal} in line, from {Candidates}")]
    private static partial void LogGrant(ILogger logger, Digest digest, long offset, GrantReason reason, GrantKind role, uint ordinal, NameList candidates);

    [LoggerMessage(EventId = 434, Level = LogLevel.Debug, Message = "Asked {Peer} for {Digest} at byte {Offset}: {Outcome} {Reason}, instead {Instead}, path {Path}")]
    private static partial void LogAnswer(ILogger logger, Peer peer, Digest digest, long offset, PeerOutcome outcome, string? reason, NameList instead, NameList path);
}

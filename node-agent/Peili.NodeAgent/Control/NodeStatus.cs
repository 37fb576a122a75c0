using Peili.AgentApi;
using Peili.Containerd;
using Peili.Containerd.Hosts;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Security;
using Peili.NodeAgent.Transfers;
using Peili.Overlay;

namespace Peili.NodeAgent.Control;

/// <summary>Gathers what the operator is answered about this agent and its node.</summary>
internal sealed class NodeStatus(
    AgentOptions options,
    Readiness readiness,
    NodeChecker checker,
    ImageStoreWatcher watcher,
    ClusterOverlay overlay,
    ClusterKeysFile keys,
    TransferStatistics transfers,
    Leases leases,
    RelayRoles roles,
    TimeProvider time,
    CredentialsSource? credentials = null,
    HostsKeeper? hosts = null)
{
    private const int MostBlocked = 10;
    private const int MostFetched = 8;
    private const int MostChildren = 16;

    /// <summary>Of a digest's hexadecimal digits: enough for people, and to tell a cluster's blobs apart.</summary>
    private const int DigestDigits = 12;

    private readonly Lock _lock = new();
    private bool? _wasReady;
    private DateTimeOffset _since;

    /// <summary>All of it.</summary>
    public StatusReply Read()
    {
        var status = ReadEssentials();
        var members = overlay.Node?.GetMembers() ?? [];
        status.Overlay = new OverlayCounts
        {
            Members = (uint)members.Count,
            Alive = (uint)members.Count(member => member.State == MemberState.Alive),
            Suspect = (uint)members.Count(member => member.State == MemberState.Suspect),
            Digests = (uint)(watcher.Current?.Digests.Count ?? 0),
            Images = (uint)(watcher.Current?.Images ?? 0),
        };
        status.Overlay.UdpBlocked.AddRange(members.Where(member => member.UdpBlocked).Select(member => member.Name).Take(MostBlocked));
        status.Bytes = new Bytes { FromPeers = transfers.PeerBytes, FromRelay = transfers.RelayBytes, ToPeers = transfers.UploadedBytes, FromLocal = transfers.LocalBytes };
        status.ColdStart.AddRange(roles.Shared().OrderByDescending(role => role.Total).Take(MostFetched).Select(BlobOf));
        status.LastMirrored = transfers.LastMirrored?.ToUnixTimeMilliseconds() ?? 0;
        return status;
    }

    /// <summary>What others are told of when it changes: all but the counters.</summary>
    public StatusReply ReadEssentials()
    {
        var notReady = readiness.WhyNot;
        var status = new StatusReply
        {
            Version = AgentVersion.Current,
            NodeName = options.NodeName,
            NotReady = notReady ?? string.Empty,
            Since = SinceWhen(notReady is null).ToUnixTimeMilliseconds(),
            RegistryAuth = options.RegistryAuthentication == RegistryAuthentication.Header ? "header" : "none",
            Released = hosts?.State.Step == HostsStep.Released,
            Loaded = new Loaded(),
            Address = overlay.AdvertisedAddress?.ToString() ?? string.Empty,
            Zone = overlay.Zone,
            LeadsColdStart = leases.Load > 0,
            Check = checker.Report is { } report ? CheckOf(report) : null,
        };
        status.Loaded.Keys.AddRange(keys.Current.Fingerprints);
        if (credentials?.Current is { } current)
        {
            status.Loaded.Certificate = current.Fingerprint;
            status.Loaded.Authorities.AddRange(current.AuthorityFingerprints);
        }

        var state = hosts?.State ?? new HostsState(HostsStep.Pending, null);
        status.Registries.AddRange((options.Registries.Count > 0 ? options.Registries : [HostsDirectory.Default]).Select(registry =>
            new RegistryState { Host = registry, State = state.Step.ToString(), Message = state.Reason ?? string.Empty }));
        return status;
    }

    private DateTimeOffset SinceWhen(bool isReady)
    {
        lock (_lock)
        {
            if (_wasReady != isReady)
            {
                (_wasReady, _since) = (isReady, time.GetUtcNow());
            }

            return _since;
        }
    }

    private static FetchedBlob BlobOf(RelayRole role)
    {
        var blob = new FetchedBlob
        {
            Digest = role.Digest[..("sha256:".Length + DigestDigits)],
            Registry = role.Registry,
            Repository = role.Repository,
            Origin = role.IsOrigin,
            Parent = role.Path.LastOrDefault(string.Empty),
            Bytes = role.Bytes,
            Total = role.Total,
        };
        blob.Children.AddRange(role.Children.Take(MostChildren));
        return blob;
    }

    private static Check CheckOf(CheckReport report)
    {
        var check = new Check
        {
            Flavor = report.Flavor,
            Verdict = report.Verdict.ToString(),
            ContainerdVersion = report.ContainerdVersion ?? string.Empty,
        };
        check.Findings.AddRange(report.Findings.Select(finding => new CheckFinding
        {
            Reason = finding.Reason.ToString(),
            Severity = finding.Severity.ToString(),
            Message = finding.Message,
            Evidence = finding.Evidence ?? string.Empty,
            Remedy = finding.Remedy ?? string.Empty,
            Snippet = finding.Snippet ?? string.Empty,
        }));
        return check;
    }
}

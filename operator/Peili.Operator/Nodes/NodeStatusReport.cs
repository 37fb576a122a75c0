using Peili.AgentApi;
using Peili.Crds;
using Peili.Flavors;
using Peili.Operator.Mirrors;
using FindingSeverity = Peili.Crds.FindingSeverity;

namespace Peili.Operator.Nodes;

/// <summary>Makes the status of a NodeMirrorStatus.</summary>
internal static class NodeStatusReport
{
    private const int LongestText = 4096;

    /// <summary>The status, given the one before it.</summary>
    public static NodeMirrorStatusStatus Of(NodeObservation seen, NodeMirrorStatusStatus? before, DateTimeOffset now)
    {
        var reply = seen.Report?.Reply;
        var verdict = VerdictOf(seen, reply, before);
        var findings = reply?.Check is { } check ? [.. check.Findings.Select(FindingOf)] : verdict == Verdict.Unsupported ? Unsupported(seen.Assignment.Flavor) : before?.Findings ?? [];
        return new NodeMirrorStatusStatus
        {
            Mirror = seen.Assignment.Mirror ?? "",
            Flavor = seen.Assignment.Flavor.Name,
            ContainerdVersion = reply?.Check?.ContainerdVersion is { Length: > 0 } version ? version : VersionOf(seen.Node.Status?.NodeInfo?.ContainerRuntimeVersion),
            Verdict = verdict,
            Findings = findings,
            Registries = reply is null ? before?.Registries ?? [] : [.. reply.Registries.Select(RegistryOf)],
            PodSecurity = new NodePodSecurityStatus { Enforce = seen.Enforce, Satisfied = seen.Enforce == PodSecurity.Privileged },
            Agent = reply is null ? before?.Agent is { } known ? known with { Ready = false } : null : AgentOf(reply, seen.Report!.IsReachable),
            Overlay = reply?.Overlay is { } overlay ? OverlayOf(overlay) : before?.Overlay,
            Bytes = reply?.Bytes is { } bytes
                ? new ByteCounters
                {
                    FromPeers = Rounded(bytes.FromPeers),
                    FromRelay = Rounded(bytes.FromRelay),
                    ToPeers = Rounded(bytes.ToPeers),
                    FromLocal = Rounded(bytes.FromLocal),
                }
                : before?.Bytes,
            LastMirroredAt = reply is { LastMirrored: > 0 } ? ToMinute(reply.LastMirrored) : before?.LastMirroredAt,
            Conditions = NodeConditions.Of(seen, verdict, findings, before?.Conditions, now),
        };
    }

    /// <summary>The same without what only counts, which is written less often.</summary>
    public static NodeMirrorStatusStatus WithoutCounters(NodeMirrorStatusStatus status) =>
        status with { Bytes = null, LastMirroredAt = null, Overlay = null };

    private static Verdict VerdictOf(NodeObservation seen, StatusReply? reply, NodeMirrorStatusStatus? before) =>
        seen.Assignment.Flavor.Verdict == FlavorVerdict.Unsupported ? Verdict.Unsupported
        : Enum.TryParse<Verdict>(reply?.Check?.Verdict, out var verdict) ? verdict
        : reply is null && before?.Flavor == seen.Assignment.Flavor.Name ? before.Verdict
        : Verdict.Unknown;

    private static NodeFinding[] Unsupported(Flavor flavor) =>
        [.. flavor.Steps.Take(1).Select(step => new NodeFinding { Reason = step.Finding.ToString(), Severity = FindingSeverity.Error, Message = flavor.Why, Remedy = step.Text })];

    private static NodeFinding FindingOf(CheckFinding finding) => new()
    {
        Reason = finding.Reason,
        Severity = Enum.TryParse<FindingSeverity>(finding.Severity, out var severity) ? severity : FindingSeverity.Warning,
        Message = Cut(finding.Message, 1024),
        Evidence = Cut(finding.Evidence, 1024),
        Remedy = Cut(finding.Snippet.Length > 0 ? $"{finding.Remedy}\n{finding.Snippet}" : finding.Remedy, LongestText),
    };

    private static RegistryStatus RegistryOf(AgentApi.RegistryState registry) => new()
    {
        Host = registry.Host,
        State = registry.State switch
        {
            NodeConditions.Mirrored => Crds.RegistryState.Mirrored,
            "Pending" => Crds.RegistryState.Unknown,
            _ => Crds.RegistryState.NotMirrored,
        },
    };

    private static Crds.AgentStatus AgentOf(StatusReply reply, bool isReachable) => new()
    {
        Version = reply.Version,
        Ready = isReachable && reply.NotReady.Length == 0,
        Since = DateTimeOffset.FromUnixTimeSeconds(reply.Since / 1000),
        Address = reply.Address,
        RegistryAuth = Enum.TryParse<RegistryAuthentication>(reply.RegistryAuth, ignoreCase: true, out var authentication) ? authentication : null,
    };

    private static OverlayStatus OverlayOf(OverlayCounts overlay) => new()
    {
        Members = (int)overlay.Members,
        Alive = (int)overlay.Alive,
        Suspect = (int)overlay.Suspect,
        Digests = overlay.Digests,
        Images = overlay.Images,
    };

    // As in containerd://1.6.20~ds1.
    private static string VersionOf(string? runtime) => runtime is not null && runtime.StartsWith("containerd://", StringComparison.Ordinal) ? Cut(runtime["containerd://".Length..], 64) : "";

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    /// <summary>To two digits: enough for a person, and seldom another.</summary>
    private static long Rounded(long bytes)
    {
        var scale = 1L;
        for (var rest = bytes; rest >= 100; rest /= 10)
        {
            scale *= 10;
        }

        return bytes / scale * scale;
    }

    private static DateTimeOffset ToMinute(long milliseconds) => DateTimeOffset.FromUnixTimeSeconds(milliseconds / 60_000 * 60);
}

using Peili.Kubernetes.Models;

namespace Peili.Crds.Tests.Support;

/// <summary>Statuses with every field.</summary>
internal static class FullStatus
{
    private static readonly DateTimeOffset s_time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static RegistryMirrorStatus OfMirror { get; } = new()
    {
        ObservedGeneration = 1,
        Conditions = [ConditionOf("Ready"), ConditionOf("Progressing"), ConditionOf("Degraded"), ConditionOf("Conflicted"), ConditionOf("PodSecurityReady")],
        Nodes = new NodeCounts { Selected = 4, Ready = 3, Compatible = 2, NeedsConfiguration = 1, Unsupported = 1, Unknown = 0 },
        Flavors =
        [
            new FlavorStatus { Name = "eks-al2023", Nodes = 2, Verdict = Verdict.NeedsConfiguration, Reason = "LayersDiscarded", Message = "m", Remedy = "r" },
            new FlavorStatus { Name = "eks-al2023", Nodes = 2, Verdict = Verdict.Compatible, Reason = "a", Message = "m", Remedy = "r" },
        ],
        PodSecurity = new PodSecurityStatus { Namespace = "peili-system", Enforce = "privileged", Satisfied = true },
    };

    public static NodeMirrorStatusStatus OfNode { get; } = new()
    {
        Mirror = "default",
        Flavor = "k3s",
        ContainerdVersion = "2.3.4",
        Verdict = Verdict.Compatible,
        Findings =
        [
            new NodeFinding { Reason = "ConfigPathList", Severity = FindingSeverity.Warning, Message = "m", Evidence = "/etc/containerd/config.toml:12", Remedy = "r" },
            new NodeFinding { Reason = "ConfigPathList", Severity = FindingSeverity.Warning, Message = "n", Evidence = "e", Remedy = "r" },
        ],
        Registries = [new RegistryStatus { Host = "docker.io", State = RegistryState.Mirrored }, new RegistryStatus { Host = "_default", State = RegistryState.Mirrored }],
        PodSecurity = new NodePodSecurityStatus { Enforce = "privileged", Satisfied = true },
        Agent = new AgentStatus { Version = "0.1.0", Ready = true, Since = s_time, Address = "10.0.0.5:29951", RegistryAuth = RegistryAuthentication.Header },
        Overlay = new OverlayStatus { Members = 3, Alive = 3, Suspect = 0, Digests = 812, Images = 96 },
        Bytes = new ByteCounters { FromPeers = 1234567, FromRelay = 0, ToPeers = 999, FromLocal = 1L << 60 },
        LastMirroredAt = s_time,
        Conditions = [ConditionOf("Ready"), ConditionOf("AgentReachable"), ConditionOf("PeersReachable"), ConditionOf("ContainerdCompatible")],
    };

    private static Condition ConditionOf(string type) => new()
    {
        Type = type,
        Status = "True",
        Reason = "AsItShouldBe",
        Message = "3 of 3 nodes",
        ObservedGeneration = 1,
        LastTransitionTime = s_time,
    };
}

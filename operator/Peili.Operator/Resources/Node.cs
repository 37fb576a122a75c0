using System.Net;
using Peili.Flavors;
using Peili.Kubernetes.Models;

namespace Peili.Operator.Resources;

/// <summary>A node of the cluster.</summary>
internal sealed record Node : KubernetesObject
{
    public const string MirrorLabel = "peili.dev/mirror";
    public const string FlavorLabel = "peili.dev/flavor";
    public const string StartupTaint = "peili.dev/agent-not-ready";

    public NodeSpec? Spec { get; init; }

    public NodeStatus? Status { get; init; }

    /// <summary>Its name.</summary>
    public string Name => Metadata.Name ?? "";

    /// <summary>The RegistryMirror whose agent it has; null for none.</summary>
    public string? Mirror => Metadata.Labels?.GetValueOrDefault(MirrorLabel);

    /// <summary>The flavor that its agent was made for; null for none.</summary>
    public string? Flavor => Metadata.Labels?.GetValueOrDefault(FlavorLabel);

    /// <summary>The zone that it stands in; empty where it is not known.</summary>
    public string Zone => Metadata.Labels?.GetValueOrDefault("topology.kubernetes.io/zone") ?? "";

    public bool IsLinux => (Status?.NodeInfo?.OperatingSystem ?? Metadata.Labels?.GetValueOrDefault("kubernetes.io/os")) is null or "" or "linux";

    public bool HasStartupTaint => Spec?.Taints?.Any(taint => taint.Key == StartupTaint) == true;

    /// <summary>The address that its agent has on the host's network; null where it has none yet.</summary>
    public IPAddress? Address => (Status?.Addresses ?? []).Where(address => address.Type == "InternalIP")
        .Select(address => IPAddress.TryParse(address.Address, out var parsed) ? parsed : null).FirstOrDefault(address => address is not null);

    /// <summary>What tells its flavor.</summary>
    public NodeFacts Facts => new()
    {
        Name = Name,
        ProviderId = Spec?.ProviderId ?? "",
        OsImage = Status?.NodeInfo?.OsImage ?? "",
        ContainerRuntimeVersion = Status?.NodeInfo?.ContainerRuntimeVersion ?? "",
        KubeletVersion = Status?.NodeInfo?.KubeletVersion ?? "",
        Labels = Metadata.Labels ?? new Dictionary<string, string>(),
        Annotations = Metadata.Annotations ?? new Dictionary<string, string>(),
    };
}

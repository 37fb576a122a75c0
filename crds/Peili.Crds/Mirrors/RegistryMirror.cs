using Peili.Crds.Schema;
using Peili.Kubernetes.Models;

namespace Peili.Crds;

/// <summary>
/// Lets the nodes it selects pull images from each other: on each of them runs an agent that their containerd asks before the upstream registry.
/// Where the agent has no answer, containerd goes upstream as before. Delete it and each node's configuration is put back as it was.
/// The annotation peili.dev/paused on it stops all changes to nodes.
/// </summary>
[ShortName("regmirror")]
[PrinterColumn("Ready", """.status.conditions[?(@.type=="Ready")].status""", Description = "Whether every selected node that can mirror does.")]
[PrinterColumn("Nodes", ".status.nodes.selected", Type = "integer", Description = "Selected nodes.")]
[PrinterColumn("Compatible", ".status.nodes.compatible", Type = "integer", Description = "Nodes that pull from peers.")]
[PrinterColumn("Needs-Config", ".status.nodes.needsConfiguration", Type = "integer", Description = "Nodes that will after the remedy in their NodeMirrorStatus.")]
[PrinterColumn("Unsupported", ".status.nodes.unsupported", Type = "integer", Wide = true, Description = "Nodes that cannot.")]
[PrinterColumn("Paused", """.metadata.annotations.peili\.dev/paused""", Wide = true, Description = "What the annotation peili.dev/paused says.")]
[PrinterColumn("Message", """.status.conditions[?(@.type=="Ready")].message""", Wide = true, Description = "Why it is ready or not.")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date", Description = "Since when it is there.")]
[Rule(
    "self.metadata.name.size() <= 40 && self.metadata.name.matches(r'" + Patterns.ShortName + "')",
    Messages.Name)]
public sealed record RegistryMirror : KubernetesObject
{
    /// <summary>Which nodes, which registries, and how. Everything has a default: an empty spec mirrors every registry on every Linux node.</summary>
    public RegistryMirrorSpec Spec { get; init => field = value ?? new RegistryMirrorSpec(); } = new();

    /// <summary>What has become of it; written by the operator.</summary>
    public RegistryMirrorStatus? Status { get; init; }
}

using Peili.Crds.Schema;
using Peili.Kubernetes.Models;

namespace Peili.Crds;

/// <summary>
/// Whether and how one node mirrors: what its agent answers, what stands in the way, and what to do about it. Named as the node, written by the operator alone,
/// and gone with the node. There is one for every Linux node that a RegistryMirror selects.
/// </summary>
[ShortName("nms")]
[PrinterColumn("Mirror", ".status.mirror", Description = "The RegistryMirror that has the node.")]
[PrinterColumn("Flavor", ".status.flavor", Description = "The node's kind.")]
[PrinterColumn("Verdict", ".status.verdict", Description = "What the node is to mirroring.")]
[PrinterColumn("Ready", """.status.conditions[?(@.type=="Ready")].status""", Description = "Whether the node mirrors.")]
[PrinterColumn("Peers", ".status.overlay.alive", Type = "integer", Description = "Agents that its agent sees alive, itself included.")]
[PrinterColumn("Digests", ".status.overlay.digests", Type = "integer", Description = "Blobs that it has for others.")]
[PrinterColumn("Reason", """.status.conditions[?(@.type=="Ready")].reason""", Wide = true, Description = "Why it is ready or not, in one word.")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date", Description = "Since when it is there.")]
public sealed record NodeMirrorStatus : KubernetesObject
{
    /// <summary>What the operator last saw.</summary>
    public NodeMirrorStatusStatus? Status { get; init; }
}

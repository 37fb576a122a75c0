using Peili.Containerd;

namespace Peili.NodeAgent.Registry;

/// <summary>What stands after <c>manifests/</c> or <c>blobs/</c>: a digest, or a tag (OCI distribution specification, "Pulling manifests").</summary>
internal readonly record struct RegistryReference(Digest? Digest, string? Tag)
{
    public override string ToString() => Digest is { } digest ? digest.ToString() : Tag ?? string.Empty;
}

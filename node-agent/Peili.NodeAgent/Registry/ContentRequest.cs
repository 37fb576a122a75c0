using Peili.Containerd;

namespace Peili.NodeAgent.Registry;

/// <summary>What somebody asks the mirror for.</summary>
/// <param name="Path">Repository, kind, and tag or digest.</param>
/// <param name="Registry">The upstream registry's host, from containerd's <c>?ns=</c>; null when the client named none.</param>
internal sealed record ContentRequest(RegistryPath Path, string? Registry)
{
    public Digest? Digest => Path.Reference.Digest;

    /// <summary><c>host/repository:tag</c> or <c>host/repository@digest</c>, as containerd names images.</summary>
    public string QualifiedName => Digest is { } digest
        ? $"{Registry}/{Path.Repository}@{digest}"
        : $"{Registry}/{Path.Repository}:{Path.Reference.Tag}";

    /// <summary>Path and query of the same request to a peer.</summary>
    public string PathAndQuery => Registry is null ? Path.ToString() : $"{Path}?ns={Uri.EscapeDataString(Registry)}";

    /// <summary>The same content, now that its tag is resolved.</summary>
    public ContentRequest At(Digest digest) => this with { Path = Path with { Reference = new RegistryReference(digest, null) } };
}

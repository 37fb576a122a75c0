using Peili.Containerd;
using Peili.NodeAgent.Registry;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>What of containerd's image store the other nodes are told of: every committed blob and every tag, within <c>--registry</c> and <c>--filter</c>.</summary>
internal static class AnnouncedKeys
{
    /// <summary>The key of a digest.</summary>
    public static DirectoryKey Of(Digest digest)
    {
        Span<byte> bytes = stackalloc byte[DirectoryKey.Size];
        digest.CopyTo(bytes);
        return DirectoryKey.FromBytes(bytes);
    }

    /// <summary>The key under which what a request wants is announced.</summary>
    public static DirectoryKey Of(ContentRequest request) =>
        request.Digest is { } digest ? Of(digest) : DirectoryKey.OfName(request.QualifiedName);

    /// <summary>The keys of everything that <paramref name="policy"/> lets out.</summary>
    public static HashSet<DirectoryKey> Of(ImageStoreSnapshot snapshot, RegistryPolicy policy)
    {
        var keys = new HashSet<DirectoryKey>(snapshot.Digests.Count + snapshot.Images);
        foreach (var digest in snapshot.Digests)
        {
            if (policy.Announces(digest, snapshot))
            {
                keys.Add(Of(digest));
            }
        }

        foreach (var (name, target) in snapshot.Targets)
        {
            if (ImageName.IsTagged(name) && policy.Allows(name, target))
            {
                keys.Add(DirectoryKey.OfName(name));
            }
        }

        return keys;
    }
}

using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Membership;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.Operations;

/// <summary>Says what this node's part in the fetch of a blob is.</summary>
internal sealed class RelayRoles(Leases leases, GrowingBlobs blobs, Admission admission)
{
    /// <summary>As things stand.</summary>
    public RelayRole Of(Lease lease)
    {
        var blob = blobs.Find(lease.Digest);
        return new RelayRole(
            lease.Digest.ToString(),
            lease.Registry,
            lease.Repository,
            lease.IsOrigin,
            lease.Path,
            admission.ChildrenOf(AnnouncedKeys.Of(lease.Digest)),
            blob?.Length ?? lease.Mark,
            blob?.Total ?? 0);
    }

    /// <summary>What this node fetches together with others, and what it did in the last seconds: that is complete.</summary>
    public IEnumerable<RelayRole> Shared() =>
        leases.All.Where(IsShared).Select(Of).Concat(leases.JustFetched.Where(IsShared).Select(lease => Of(lease) with { Bytes = lease.Mark, Total = lease.Mark }));

    private bool IsShared(Lease lease) => lease.Path.Count > 0 || (lease.IsOrigin && leases.IsHerd);
}

using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.ColdStart;

/// <summary>
/// Answers a request of this node's containerd for a blob whose ingest it has opened: from those that hold it, or that fetch it at this moment,
/// or not at all, and then this node is who fetches it for the others. Whatever is no such request gets a plain lookup.
/// </summary>
internal sealed class ColdStartRelay(ColdStartServices services, PeerRelay relay)
{
    /// <summary>Finds somebody and sends what it has. When the result is <see cref="TransferOutcome.NotFound"/> nothing was written yet.</summary>
    public async Task<TransferOutcome> SendAsync(MirrorRequest request)
    {
        if (Begin(request) is not { } fetch)
        {
            return await relay.SendAsync(request);
        }

        var isWhole = request.Range is null or { IsWhole: true };
        var offset = isWhole ? 0 : request.Range!.Value.First!.Value;
        if (await fetch.OpenAsync(offset, request.Http.RequestAborted) is { } body)
        {
            return await relay.SendAsync(isWhole ? request with { Range = null } : request, body, fetch, isWhole);
        }

        // One tracker gives out roles, and need not know every holder; before this node goes upstream, two are asked.
        var outcome = await relay.SendAsync(request);
        if (outcome == TransferOutcome.NotFound && !request.IsAbandoned)
        {
            fetch.GoUpstream(offset);
        }

        return outcome;
    }

    private RelayFetch? Begin(MirrorRequest request)
    {
        if (request.IsHead || request.Content is not { Digest: { } digest, Registry: { } registry } || request.Range is { First: null } or { Last: not null }
            || services.Overlay.Node is not { } node || services.Blobs.Find(digest) is not { } ingest)
        {
            return null;
        }

        var lease = services.Leases.Begin(digest, registry, request.Content.Path.Repository);
        return services.Time.GetTimestamp() < lease.UpstreamUntil ? null : new RelayFetch(services, node, request.Content, lease, ingest);
    }
}

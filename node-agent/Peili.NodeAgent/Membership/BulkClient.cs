using Peili.NodeAgent.Peers;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>Carries the overlay's bulk requests over the peer endpoint's TCP.</summary>
internal sealed class BulkClient(PeerClient client) : IBulkClient
{
    public Task<byte[]?> CallAsync(PeerAddress to, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        client.PostAsync(to.ToEndPoint(), BulkEndpoint.Path, body, BulkEndpoint.MaxLength, cancellation);
}

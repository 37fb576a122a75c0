namespace Peili.Overlay;

/// <summary>
/// The only way out of the overlay. None of these calls waits: a datagram that cannot be sent at once is lost, and a bulk call ends
/// in <see cref="IOverlayReceiver.CallEnded"/>.
/// </summary>
public interface IOverlayTransport
{
    /// <summary>Sends one datagram of at most 1,200 bytes over UDP, or loses it.</summary>
    /// <param name="to">The peer's advertised address.</param>
    /// <param name="datagram">Valid during the call only.</param>
    void Send(in PeerAddress to, ReadOnlySpan<byte> datagram);

    /// <summary>
    /// Carries one request and its reply over TCP (mutual TLS): what the peer's <see cref="IOverlayReceiver.Serve"/> answers. Ends with
    /// one <see cref="IOverlayReceiver.CallEnded"/>, within <paramref name="timeout"/>, never within this call.
    /// </summary>
    /// <param name="to">The peer's advertised address; TCP has the same port as UDP.</param>
    /// <param name="body">A BulkRequest message.</param>
    /// <param name="call">Names the call in its end.</param>
    /// <param name="timeout">For connecting and for the reply's last byte together.</param>
    void Call(in PeerAddress to, ReadOnlyMemory<byte> body, uint call, TimeSpan timeout);

    /// <summary>
    /// Hands every datagram that has already arrived to <see cref="IOverlayReceiver.Received"/> before it returns. Called after a
    /// stall, so that answers that waited in the socket count before the timers that missed them.
    /// </summary>
    void Drain();
}

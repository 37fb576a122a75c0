namespace Peili.Overlay;

/// <summary>What a transport tells the overlay. Safe to call from any thread.</summary>
public interface IOverlayReceiver
{
    /// <summary>A datagram came. Anybody may have sent it.</summary>
    /// <param name="datagram">Valid during the call only.</param>
    /// <param name="from">The sender's address as the socket saw it.</param>
    void Received(ReadOnlySpan<byte> datagram, in PeerAddress from);

    /// <summary>
    /// Does what is due. A transport that calls it, always from the one thread that also waits for datagrams, spares the overlay a timer for
    /// what is due next; the overlay then has timers only for what other threads ask of it.
    /// </summary>
    /// <returns>How long the transport is to wait for datagrams at most before it calls again.</returns>
    TimeSpan RunDue();

    /// <summary>A bulk call is over.</summary>
    /// <param name="call">The number that was given to <see cref="IOverlayTransport.Call"/>.</param>
    /// <param name="reply">The whole reply; empty when the call failed.</param>
    void CallEnded(uint call, ReadOnlySpan<byte> reply);

    /// <summary>
    /// Answers a bulk request whose sender has proven itself (mutual TLS). Call <see cref="Served"/> once the reply is written or lost.
    /// </summary>
    /// <param name="body">At most 16 MiB.</param>
    /// <returns>The reply; empty for a request that makes no sense: answer 400.</returns>
    byte[] Serve(ReadOnlySpan<byte> body);

    /// <summary>A reply of <see cref="Serve"/> has left, or its connection broke: makes room for another.</summary>
    void Served();
}

namespace Peili.Overlay;

/// <summary>Carries bulk requests over TCP; the agent does so by mutual TLS.</summary>
public interface IBulkClient
{
    /// <summary>Sends a request and reads the whole reply.</summary>
    /// <param name="to">The peer's advertised address.</param>
    /// <param name="body">The request.</param>
    /// <param name="cancellation">Ends the call when its time is over.</param>
    /// <returns>The reply, or null when there is none: refused, broken, or too long (16 MiB).</returns>
    Task<byte[]?> CallAsync(PeerAddress to, ReadOnlyMemory<byte> body, CancellationToken cancellation);
}

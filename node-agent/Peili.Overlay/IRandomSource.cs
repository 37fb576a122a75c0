namespace Peili.Overlay;

/// <summary>Where the overlay's randomness comes from: boot ids, cookies and the seed of its choices.</summary>
public interface IRandomSource
{
    /// <summary>Fills the buffer with bytes that nobody can guess; a simulation fills it from its seed.</summary>
    /// <param name="destination">What to fill.</param>
    void Fill(Span<byte> destination);
}

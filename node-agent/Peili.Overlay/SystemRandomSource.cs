using System.Security.Cryptography;

namespace Peili.Overlay;

/// <summary>The operating system's random bytes.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}

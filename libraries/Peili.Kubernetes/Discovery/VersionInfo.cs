using System.Globalization;

namespace Peili.Kubernetes.Discovery;

/// <summary>Which Kubernetes the API server is.</summary>
public sealed record VersionInfo
{
    /// <summary>As in <c>1</c>.</summary>
    public required string Major { get; init; }

    /// <summary>As in <c>20</c>; some providers append a plus.</summary>
    public required string Minor { get; init; }

    /// <summary>As in <c>v1.20.2</c>.</summary>
    public required string GitVersion { get; init; }

    /// <summary>Whether it is this version or a newer one.</summary>
    public bool IsAtLeast(int major, int minor) => Number(Major).CompareTo(major) switch { 0 => Number(Minor) >= minor, var order => order > 0 };

    private static int Number(string text) => int.TryParse(text.AsSpan().TrimEnd('+'), CultureInfo.InvariantCulture, out var number) ? number : 0;
}

namespace Peili.Kubernetes.Configuration;

/// <summary>As whom a caller acts.</summary>
public sealed record Impersonation
{
    /// <summary>The user's name.</summary>
    public required string User { get; init; }

    /// <summary>The user's uid.</summary>
    public string? Uid { get; init; }

    /// <summary>The user's groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>More about the user.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

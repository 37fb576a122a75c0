namespace Peili.Flavors;

/// <summary>How the remedy of a flavor is applied to a host.</summary>
public sealed record FlavorRemediation
{
    /// <summary>Where it goes.</summary>
    public required RemediationKind Edits { get; init; }

    /// <summary>The drop-in's file; null for the other kinds.</summary>
    public string? Path { get; init; }

    /// <summary>The systemd units of which the first that exists is restarted; none where the flavor restarts containerd itself.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>A file from which the system writes the configuration anew at each boot, and which therefore needs the remedy too; null elsewhere.</summary>
    public string? BootFile { get; init; }

    /// <summary>What goes into <see cref="BootFile"/>, by version of containerd's configuration.</summary>
    public IReadOnlyList<FlavorSnippet> BootSnippets { get; init; } = [];

    /// <summary>Why no file of the host is edited; null where one is.</summary>
    public string? Why { get; init; }

    /// <summary>What goes into <see cref="BootFile"/> for a configuration of this version.</summary>
    public string? BootTextFor(int config) => FlavorSnippet.For(BootSnippets, config);
}

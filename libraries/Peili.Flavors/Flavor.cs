namespace Peili.Flavors;

/// <summary>A kind of node: how it is recognised, where its containerd is, and what to do there. Source: config/flavors.</summary>
public sealed record Flavor
{
    /// <summary>Its name, as in <c>--flavor</c>, also its file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Title { get; init; }

    /// <summary>Of several flavors that match, the highest is the node's; no two flavors have the same.</summary>
    public required int Priority { get; init; }

    /// <summary>Its containerd's paths.</summary>
    public required FlavorPaths Paths { get; init; }

    /// <summary>How a person restarts containerd; null where nobody but the platform does.</summary>
    public required string? Restart { get; init; }

    /// <summary>How the remedy is applied to a host.</summary>
    public required FlavorRemediation Remediation { get; init; }

    /// <summary>What a node is as shipped.</summary>
    public required FlavorVerdict Verdict { get; init; }

    /// <summary>The verdict's reason.</summary>
    public required string Why { get; init; }

    /// <summary>Whether the agent's secret can stand in hosts.toml; false where the platform writes these files.</summary>
    public required bool RegistryAuth { get; init; }

    /// <summary>What pod security asks for.</summary>
    public required string PodSecurity { get; init; }

    /// <summary>What to do for findings that are answered otherwise here than elsewhere, with <see cref="Paths"/> in it: another path, another text.</summary>
    public IReadOnlyList<FlavorStep> Steps => [.. StepTemplates.Select(step => step.For(this))];

    /// <summary>What other documents say of it and is no longer so, with the reason.</summary>
    public required string? Outdated { get; init; }

    /// <summary>What this rests on.</summary>
    public required FlavorConfidence Confidence { get; init; }

    /// <summary>Where it was read.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    internal IReadOnlyList<FlavorRule> NodeRules { get; init; } = [];

    internal IReadOnlyList<FlavorRule> HostRules { get; init; } = [];

    /// <summary>The steps, with placeholders for what this flavor has.</summary>
    internal IReadOnlyList<FlavorStep> StepTemplates { get; init; } = [];

    /// <summary>What to do for findings wherever they occur: the templates of the flavor <c>unknown</c>.</summary>
    internal IReadOnlyList<FlavorStep> CommonStepTemplates { get; init; } = [];

    /// <summary>The step for a finding, this flavor's own or the one that holds everywhere; null when the finding cannot occur here.</summary>
    public FlavorStep? StepFor(Finding finding) =>
        StepTemplates.Concat(CommonStepTemplates).FirstOrDefault(step => step.Finding == finding)?.For(this);
}

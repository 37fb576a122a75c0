namespace Peili.Flavors;

/// <summary>What to do about one finding on one flavor.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Text">What to do, in a sentence or two.</param>
/// <param name="Snippets">What to paste, by version of containerd's configuration, the lowest first; none where there is nothing to paste.</param>
public sealed record FlavorStep(Finding Finding, string Text, IReadOnlyList<FlavorSnippet> Snippets)
{
    /// <summary>What to paste into, or beside, a configuration of this version; null where there is nothing.</summary>
    /// <param name="config">The version; 1 to 4.</param>
    public string? SnippetFor(int config) => FlavorSnippet.For(Snippets, config);

    /// <summary>The same step with a flavor's own paths in it.</summary>
    internal FlavorStep For(Flavor flavor)
    {
        string Fill(string text) => text
            .Replace("{config}", flavor.Paths.Config ?? "containerd's configuration", StringComparison.Ordinal)
            .Replace("{hosts}", flavor.Paths.Hosts ?? "certs.d", StringComparison.Ordinal)
            .Replace("{restart}", flavor.Restart ?? "restart containerd", StringComparison.Ordinal)
            .Replace("{remediate}", flavor.Remediation.Edits == RemediationKind.None ? "" : " Or run peili-agent remediate.", StringComparison.Ordinal);

        return this with { Text = Fill(Text), Snippets = [.. Snippets.Select(snippet => snippet with { Text = Fill(snippet.Text) })] };
    }
}

using System.Text;

namespace Peili.Flavors.Tests;

/// <summary>docs/compatibility.md, as the flavor files have it.</summary>
internal static class CompatibilityPage
{
    public static string Write(FlavorCatalog catalog)
    {
        var page = new StringBuilder();
        page.Append("# Compatibility\n\nWritten from config/flavors; do not edit: `make docs` writes it anew.\n");
        page.Append("Nothing here was tried on a live AKS, EKS, GKE or Talos node.\n\n");
        page.Append("| flavor | verdict | why | what to do |\n|---|---|---|---|\n");
        List<Flavor> flavors = [.. catalog.Flavors.OrderBy(flavor => flavor.Name, StringComparer.Ordinal)];
        foreach (var flavor in flavors)
        {
            var todo = flavor.Verdict is FlavorVerdict.Compatible or FlavorVerdict.Unknown ? "nothing beforehand"
                : (flavor.Steps is [var own, ..] ? own : flavor.StepFor(Finding.ConfigPathUnset)!).Text;
            page.Append($"| [{flavor.Title}](#{flavor.Name}) | {flavor.Verdict} | {flavor.Why} | {todo} |\n");
        }

        flavors.ForEach(flavor => Section(page, flavor));
        return page.ToString();
    }

    private static void Section(StringBuilder page, Flavor flavor)
    {
        page.Append($"\n## {flavor.Name}\n\n{flavor.Title}: {flavor.Verdict}. {flavor.Why}\n\n");
        foreach (var (name, value) in FlavorFacts.Of(flavor))
        {
            page.Append($"- {name}: {value}\n");
        }

        if (flavor.Name == "unknown")
        {
            page.Append("\nThe steps below hold on every flavor that has none of its own for a finding, with the paths of that flavor.\n");
        }

        foreach (var step in flavor.Steps.GroupBy(step => step.Text))
        {
            page.Append($"\n### {flavor.Name}: {string.Join(", ", step.Select(each => each.Finding))}\n\n{step.Key}\n");
            foreach (var snippet in step.First().Snippets)
            {
                page.Append(snippet.Config == 0 ? "" : $"\nConfiguration version {snippet.Config}:\n");
                page.Append($"\n{Opening(snippet.Text)}\n{snippet.Text.TrimEnd()}\n```\n");
            }
        }

        page.Append(flavor.Outdated is null ? "" : $"\nOutdated elsewhere: {flavor.Outdated}\n");
        page.Append($"\nConfidence: {flavor.Confidence}.{(flavor.Sources.Count == 0 ? "" : " Sources: " + string.Join(", ", flavor.Sources.Select(source => $"<{source}>")))}\n");
    }

    // What is to be pasted is a piece of a file, or else a command for a node.
    private static string Opening(string snippet) => snippet.Split('\n')[0] switch
    {
        var line when line.StartsWith('[') || line.Contains(" = ", StringComparison.Ordinal) => "```toml",
        var line when line.EndsWith(':') || line.Contains(": ", StringComparison.Ordinal) => "```yaml",
        _ => "*Needs a cluster.*\n\n```sh cluster",
    };
}

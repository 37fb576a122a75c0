using System.Text;

namespace Peili.Flavors.Tests;

/// <summary>docs/compatibility.md, as the flavor files have it.</summary>
internal static class CompatibilityPage
{
    public static string Write(FlavorCatalog catalog)
    {
        var page = new StringBuilder();
        page.Append("# Compatibility\n\nWritten from config/flavors; do not edit: `PEILI_UPDATE_DOCS=1` and the tests of Peili.Flavors write it anew.\n");
        page.Append("Nothing here was tried on a live AKS, EKS, GKE or Talos node.\n\n");
        page.Append("| flavor | verdict | why | what to do |\n|---|---|---|---|\n");
        List<Flavor> flavors = [.. catalog.Flavors.OrderBy(flavor => flavor.Name, StringComparer.Ordinal)];
        foreach (var flavor in flavors)
        {
            var todo = flavor.Verdict is FlavorVerdict.Compatible or FlavorVerdict.Unknown || flavor.Steps.Count == 0 ? "nothing beforehand" : flavor.Steps[0].Text;
            page.Append($"| [{flavor.Title}](#{flavor.Name}) | {flavor.Verdict} | {flavor.Why} | {todo} |\n");
        }

        flavors.ForEach(flavor => Section(page, flavor));
        return page.ToString();
    }

    private static void Section(StringBuilder page, Flavor flavor)
    {
        page.Append($"\n## {flavor.Name}\n\n{flavor.Title}: {flavor.Verdict}. {flavor.Why}\n\n");
        var paths = flavor.Paths;
        foreach (var (name, value) in new[]
        {
            ("socket", paths.Socket), ("configuration", paths.Config), ("drop-ins", paths.DropIns), ("certs.d", paths.Hosts),
            ("root", paths.Root), ("state", paths.State), ("restart", flavor.Restart),
        })
        {
            page.Append(value is null ? "" : $"- {name}: `{value}`\n");
        }

        page.Append($"- registry authentication: {(flavor.RegistryAuth ? "header" : "none")}\n- pod security: {flavor.PodSecurity}\n");
        foreach (var step in flavor.Steps)
        {
            page.Append($"\n### {flavor.Name}: {step.Finding}\n\n{step.Text}\n");
            page.Append(step.Snippet is null ? "" : $"\n```\n{step.Snippet.TrimEnd()}\n```\n");
        }

        page.Append(flavor.Outdated is null ? "" : $"\nOutdated elsewhere: {flavor.Outdated}\n");
        page.Append($"\nConfidence: {flavor.Confidence}.{(flavor.Sources.Count == 0 ? "" : " Sources: " + string.Join(", ", flavor.Sources.Select(source => $"<{source}>")))}\n");
    }
}

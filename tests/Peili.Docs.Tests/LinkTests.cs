using Peili.Docs.Tests.Support;
using Peili.LocalCluster;

namespace Peili.Docs.Tests;

/// <summary>Links lead somewhere.</summary>
public sealed class LinkTests
{
    [Fact]
    public void Every_link_within_the_checkout_leads_to_a_file_and_a_heading_of_it()
    {
        var links = Page.All.SelectMany(page => page.Links.Select(link => (Page: page, link.Line, link.Target))).ToArray();

        links.Length.ShouldBeGreaterThan(100);
        links.Where(link => !link.Target.Contains("://", StringComparison.Ordinal))
            .Select(link => Wrong(link.Page, link.Target) is { } what ? $"{link.Page.Path}:{link.Line}: {link.Target}: {what}" : null)
            .OfType<string>()
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_page_is_reached_from_the_index()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { "docs/README.md" };
        for (var before = 0; before != reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(Page.All.Where(page => reached.Contains(page.Path)).SelectMany(page => page.Links.Select(link => PathOf(page, link.Target.Split('#')[0]))).ToArray());
        }

        Page.Current.Select(page => page.Path).Where(path => !reached.Contains(path)).ShouldBeEmpty();
    }

    private static string? Wrong(Page page, string target)
    {
        var (file, anchor) = target.Split('#') is [var before, var after] ? (before, after) : (target, "");
        var path = file.Length == 0 ? page.Path : PathOf(page, file);
        return !Path.Exists(Checkout.PathOf(path)) ? "there is no such file"
            : anchor.Length > 0 && !Page.Of(path).Anchors.Contains(anchor) ? "there is no such heading"
            : null;
    }

    private static string PathOf(Page page, string target) =>
        Path.GetRelativePath(Checkout.PathOf(), Path.GetFullPath(target, Path.GetDirectoryName(Checkout.PathOf(page.Path))!));
}

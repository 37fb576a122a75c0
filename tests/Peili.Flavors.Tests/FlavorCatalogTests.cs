namespace Peili.Flavors.Tests;

public sealed class FlavorCatalogTests
{
    private static readonly FlavorCatalog Catalog = FlavorCatalog.Load();

    [Fact]
    public void Every_flavor_but_unknown_can_be_recognised_and_names_its_sources()
    {
        Catalog.Flavors.Count.ShouldBe(20);
        foreach (var flavor in Catalog.Flavors.Where(flavor => flavor.Name != "unknown"))
        {
            flavor.NodeRules.ShouldNotBeEmpty(flavor.Name);
            flavor.NodeRules.Concat(flavor.HostRules).ShouldAllBe(rule => rule.Patterns.Count > 0, flavor.Name);
            flavor.Sources.ShouldNotBeEmpty(flavor.Name);
        }
    }

    [Fact]
    public void A_flavor_that_needs_something_says_what()
    {
        foreach (var flavor in Catalog.Flavors.Where(flavor => flavor.Verdict is FlavorVerdict.NeedsConfiguration or FlavorVerdict.Unsupported))
        {
            flavor.Steps.ShouldNotBeEmpty(flavor.Name);
        }
    }

    [Fact]
    public void A_flavor_has_one_step_for_a_finding() =>
        Catalog.Flavors.ShouldAllBe(flavor => flavor.Steps.Select(step => step.Finding).Distinct().Count() == flavor.Steps.Count);

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
    {
        var message = Should.Throw<FlavorException>(() => Catalog.Get("k8s")).Message;
        message.ShouldStartWith("\"k8s\" is no flavor");
        Catalog.Flavors.ShouldAllBe(flavor => message.Contains(flavor.Name));
    }

    [Fact]
    public void Two_flavors_of_one_priority_are_refused() =>
        Should.Throw<FlavorException>(() => FlavorCatalog.Create([Catalog.Get("kind"), Catalog.Get("k3s") with { Priority = Catalog.Get("kind").Priority }]))
            .Message.ShouldContain("priorities must differ");

    [Fact]
    public void A_catalog_without_unknown_is_refused() =>
        Should.Throw<FlavorException>(() => FlavorCatalog.Create([Catalog.Get("kind")])).Message.ShouldContain("\"unknown\" is no flavor");
}

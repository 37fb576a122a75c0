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
    public void A_flavor_has_one_step_for_a_finding() =>
        Catalog.Flavors.ShouldAllBe(flavor => flavor.Steps.Select(step => step.Finding).Distinct().Count() == flavor.Steps.Count);

    /// <summary>Those two are the flavor's own doing, and occur where it says so.</summary>
    [Fact]
    public void Every_finding_has_a_step_on_every_flavor_but_for_what_only_some_flavors_do()
    {
        foreach (var finding in Enum.GetValues<Finding>().Except([Finding.EmbeddedRegistry, Finding.HostsDirectoryOwned]))
        {
            Catalog.Flavors.ShouldAllBe(flavor => flavor.StepFor(finding) != null, $"{finding}");
        }
    }

    [Fact]
    public void A_step_that_holds_everywhere_names_the_paths_of_the_flavor()
    {
        var step = Catalog.Get("minikube").StepFor(Finding.ConfigPathList).ShouldNotBeNull();
        step.Text.ShouldContain("/etc/containerd/config.toml");
        step.SnippetFor(3).ShouldNotBeNull().ShouldContain("config_path = \"/etc/containerd/certs.d\"");
        Catalog.Flavors.SelectMany(flavor => Enum.GetValues<Finding>().Select(flavor.StepFor).OfType<FlavorStep>())
            .ShouldAllBe(step => !step.Text.Contains('{') && step.Snippets.All(snippet => !snippet.Text.Contains("{hosts}")));
    }

    [Fact]
    public void Remediate_is_offered_where_it_can_do_something()
    {
        Catalog.Get("kubeadm").StepFor(Finding.ConfigPathUnset)!.Text.ShouldEndWith("Or run peili-agent remediate.");
        Catalog.Flavors.Where(flavor => flavor.Remediation.Edits == RemediationKind.None)
            .SelectMany(flavor => Enum.GetValues<Finding>().Select(flavor.StepFor).OfType<FlavorStep>()).ShouldAllBe(step => !step.Text.Contains("remediate"));
    }

    [Fact]
    public void Where_a_file_is_edited_something_restarts_containerd() =>
        Catalog.Flavors.Where(flavor => flavor.Remediation.Edits == RemediationKind.Config).ShouldAllBe(flavor => flavor.Remediation.Units.Count > 0);

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

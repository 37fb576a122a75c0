using System.Text;
using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Remediation;

namespace Peili.NodeAgent.Tests.Flavors;

/// <summary>Realistic files of hosts of every flavor: what check makes of them, and that its remedy is one.</summary>
public sealed class GoldenHostTests
{
    public static TheoryData<string> Everything => [.. GoldenHost.Names];

    public static TheoryData<string> Wanting => [.. GoldenHost.Names.Where(name =>
    {
        using var host = new GoldenHost(name);
        return host.ExpectedVerdict == FlavorVerdict.NeedsConfiguration;
    })];

    [Fact]
    public void Every_flavor_has_a_host() => GoldenHost.Names
        .Select(name =>
        {
            using var host = new GoldenHost(name);
            return host.ExpectedFlavor;
        })
        .Distinct().Order(StringComparer.Ordinal).ShouldBe(FlavorCatalog.Load().Flavors.Select(flavor => flavor.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_host_is_told_and_judged(string name)
    {
        using var host = new GoldenHost(name);
        host.Flavor.Name.ShouldBe(host.ExpectedFlavor);

        var report = host.Check();

        Reasons(report).ShouldBe(host.ExpectedFindings.Order(StringComparer.Ordinal), Words(report));
        report.Verdict.ShouldBe(host.ExpectedVerdict);
        var remedies = report.Findings.Where(finding => finding.Severity != FindingSeverity.Information).Select(finding => finding.Remedy).ToList();
        remedies.ShouldAllBe(remedy => remedy != null);
        if (host.ExpectedRemedy is { } remedy)
        {
            remedies.ShouldContain(said => said!.Contains(remedy, StringComparison.Ordinal), Words(report));
        }
    }

    [Theory]
    [MemberData(nameof(Wanting))]
    public void The_remedy_makes_a_host_compatible(string name)
    {
        using var host = new GoldenHost(name);
        PlatformStandIns.Apply(host, host.Check());
        Remediate(host);

        var report = host.Check();

        report.Verdict.ShouldBe(FlavorVerdict.Compatible, Words(report));
        Planner(host).Make().Wish.IsFulfilled.ShouldBeTrue();
    }

    [Theory]
    [InlineData("eks-al2023")]
    [InlineData("eks-al2023-1.29")]
    public void What_is_left_for_the_next_boot_makes_what_nodeadm_renders_compatible(string name)
    {
        using var host = new GoldenHost(name);
        var pristine = host.Read("/etc/containerd/config.toml");
        Remediate(host);
        host.Write("/etc/containerd/config.toml", pristine);

        PlatformStandIns.RenderByNodeadm(host, host.Read("/etc/eks/nodeadm.d/90-peili.yaml"));

        host.Check().Verdict.ShouldBe(FlavorVerdict.Compatible);
    }

    [Theory]
    [InlineData("eks-al2023")]
    [InlineData("eks-al2023-1.29")]
    public void What_check_prints_for_nodeadm_can_be_pasted(string name)
    {
        using var host = new GoldenHost(name);
        PlatformStandIns.RenderByNodeadm(host, SnippetOf(host, Finding.LayersDiscarded));
        host.Check().Verdict.ShouldBe(FlavorVerdict.Compatible);
    }

    [Fact]
    public void What_check_prints_for_kind_can_be_pasted()
    {
        using var host = new GoldenHost("kind");
        PlatformStandIns.PatchByKind(host, SnippetOf(host, Finding.LayersDiscarded));
        host.Check().Verdict.ShouldBe(FlavorVerdict.Compatible);
    }

    [Theory]
    [InlineData("k0s-1.35")]
    [InlineData("k0s-1.36")]
    public void What_check_prints_for_k0s_is_what_remediate_writes(string name)
    {
        using var host = new GoldenHost(name);
        var edit = Planner(host).Make().Edits.ShouldHaveSingleItem();
        Toml.TomlDocument.Parse(edit.After).Root.ToString().ShouldBe(Toml.TomlDocument.Parse(SnippetOf(host, Finding.ConfigPathUnset, Finding.ConfigPathList)).Root.ToString());
    }

    /// <summary>A change of anything else would show here.</summary>
    [Theory]
    [MemberData(nameof(Wanting))]
    public void Remediate_changes_no_line_but_those_of_its_settings(string name)
    {
        using var host = new GoldenHost(name);
        foreach (var edit in Planner(host).Make().Edits.Where(edit => edit.Before is not null))
        {
            var before = Encoding.UTF8.GetString(edit.Before!).Split('\n');
            var after = Encoding.UTF8.GetString(edit.After).Split('\n');
            before.Except(after).Concat(after.Except(before)).ShouldAllBe(line =>
                line.Contains("config_path", StringComparison.Ordinal) || line.Contains("discard_unpacked_layers", StringComparison.Ordinal)
                || line.Contains("disabled_plugins", StringComparison.Ordinal) || line.Contains("registry]", StringComparison.Ordinal));
        }
    }

    private static void Remediate(GoldenHost host)
    {
        var plan = Planner(host).Make();
        new FileChanges(host.Root, host.StatePath, plan.Edits).Apply(DateTimeOffset.UnixEpoch);
        if (host.Flavor.Name == "k0s")
        {
            PlatformStandIns.RestartByK0s(host);
        }
    }

    private static Planner Planner(GoldenHost host) => new(host.Root, host.Flavor, host.Flavor.Paths.Config!, host.Release!.Value);

    private static string SnippetOf(GoldenHost host, params Finding[] reasons) =>
        host.Check().Findings.First(finding => reasons.Contains(finding.Reason)).Snippet.ShouldNotBeNull();

    private static IEnumerable<string> Reasons(CheckReport report) => report.Findings
        .Where(finding => finding.Severity != FindingSeverity.Information).Select(finding => finding.Reason.ToString()).Order(StringComparer.Ordinal);

    private static string Words(CheckReport report) => string.Join('\n', report.Findings.Select(finding => $"{finding.Reason} {finding.Message} ({finding.Evidence}): {finding.Remedy}"));
}

namespace Peili.Flavors.Tests;

public sealed class FlavorFileTests
{
    private const string Good = """
        name: a
        title: A
        priority: 5
        node:
        - osImage: '^A'
        paths: {socket: /run/a.sock}
        remediation: {edits: Config, units: [a.service]}
        verdict: Compatible
        why: because
        registryAuth: header
        podSecurity: none
        confidence: Documented
        sources: []
        """;

    [Fact]
    public void A_flavor_file_is_read()
    {
        var flavor = FlavorFile.Parse("a.yaml", Good);
        flavor.Paths.Socket.ShouldBe("/run/a.sock");
        flavor.NodeRules.ShouldHaveSingleItem().Matches(new NodeFacts { OsImage = "A 1" }).ShouldBeTrue();
    }

    [Theory]
    [InlineData("priority: 5", "priority: high", "a.yaml:3: priority must be a whole number")]
    [InlineData("title: A", "titel: A", "title must be set")]
    [InlineData("title: A", "title: A\ncolour: red", "a.yaml:3: colour is no field of a flavor file")]
    [InlineData("verdict: Compatible", "verdict: Green", "a.yaml:8: verdict is \"Green\", must be one of Unknown, Compatible, NeedsConfiguration, Unsupported")]
    [InlineData("- osImage:", "- image:", "a.yaml:5: node[0].image is no field of a flavor file")]
    [InlineData("'^A'", "'('", "osImage is no pattern")]
    [InlineData("/run/a.sock", "run/a.sock", "paths.socket must be an absolute path")]
    [InlineData("edits: Config", "edits: File", "remediation.edits is \"File\", must be one of None, Config, DropIn")]
    [InlineData("edits: Config", "edits: None", "remediation.why must be set when nothing is edited")]
    [InlineData("edits: Config", "edits: DropIn", "remediation.path must be set for a drop-in")]
    [InlineData("edits: Config", "edits: Config, bootFile: /etc/a", "remediation.bootFile must be set together with bootText")]
    [InlineData("edits: Config", "edits: Config, path: a.toml", "remediation.path must be an absolute path")]
    [InlineData("registryAuth: header", "registryAuth: yes", "registryAuth must be header or none")]
    [InlineData("sources: []", "sources: text", "a.yaml:13: sources must be a list")]
    [InlineData("name: a", "name: b", "name is \"b\", must be the file's name, \"a\"")]
    [InlineData("name: a", "name: a\nname: a", "a.yaml:2")]
    [InlineData("name: a", "name: [", "a.yaml: is not YAML")]
    public void A_wrong_file_is_refused_by_file_line_and_field(string from, string to, string message) =>
        Should.Throw<FlavorException>(() => FlavorFile.Parse("a.yaml", Good.Replace(from, to, StringComparison.Ordinal))).Message.ShouldContain(message);

    [Fact]
    public void A_step_has_a_snippet_for_a_version_of_the_configuration()
    {
        const string steps = """
            steps:
            - findings: [ConfigPathUnset, ConfigPathList]
              text: set it
              snippets:
              - {config: 2, text: two}
              - {config: 3, text: three}
            sources: []
            """;
        var flavor = FlavorFile.Parse("a.yaml", Good.Replace("sources: []", steps, StringComparison.Ordinal));
        flavor.Steps.Select(step => step.Finding).ShouldBe([Finding.ConfigPathUnset, Finding.ConfigPathList]);
        var step = flavor.StepFor(Finding.ConfigPathList).ShouldNotBeNull();
        Enumerable.Range(1, 4).Select(step.SnippetFor).ShouldBe(["two", "two", "three", "three"]);
    }

    [Fact]
    public void Snippets_out_of_order_are_refused()
    {
        const string steps = "steps:\n- finding: ConfigPathUnset\n  text: a\n  snippets:\n  - {config: 3, text: b}\n  - {config: 2, text: c}\nsources: []";
        Should.Throw<FlavorException>(() => FlavorFile.Parse("a.yaml", Good.Replace("sources: []", steps, StringComparison.Ordinal)))
            .Message.ShouldContain("steps[0].snippets must be in the order of their versions");
    }
}

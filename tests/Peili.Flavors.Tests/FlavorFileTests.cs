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
    [InlineData("verdict: Compatible", "verdict: Green", "a.yaml:7: verdict is \"Green\", must be one of Unknown, Compatible, NeedsConfiguration, Unsupported")]
    [InlineData("- osImage:", "- image:", "a.yaml:5: node[0].image is no field of a flavor file")]
    [InlineData("'^A'", "'('", "osImage is no pattern")]
    [InlineData("/run/a.sock", "run/a.sock", "paths.socket must be an absolute path")]
    [InlineData("registryAuth: header", "registryAuth: yes", "registryAuth must be header or none")]
    [InlineData("sources: []", "sources: text", "a.yaml:12: sources must be a list")]
    [InlineData("name: a", "name: b", "name is \"b\", must be the file's name, \"a\"")]
    [InlineData("name: a", "name: a\nname: a", "a.yaml:2")]
    [InlineData("name: a", "name: [", "a.yaml: is not YAML")]
    public void A_wrong_file_is_refused_by_file_line_and_field(string from, string to, string message) =>
        Should.Throw<FlavorException>(() => FlavorFile.Parse("a.yaml", Good.Replace(from, to, StringComparison.Ordinal))).Message.ShouldContain(message);
}

using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Tests.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("peili-config-");

    private string FilePath => Path.Combine(_directory.FullName, "agent.yaml");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_value_is_one_and_a_list_is_several()
    {
        var file = Read(
            """
            # a comment
            node-name: node-1
            insecure: true
            peer-address: "[::]:29951"
            seed:
              - a:1
              - b:2
            """);

        file.ValuesOf("node-name").ShouldBe(["node-1"]);
        file.ValuesOf("insecure").ShouldBe(["true"]);
        file.ValuesOf("peer-address").ShouldBe(["[::]:29951"]);
        file.ValuesOf("seed").ShouldBe(["a:1", "b:2"]);
        file.ValuesOf("zone").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    public void An_empty_file_says_nothing(string yaml) => Read(yaml).ValuesOf("seed").ShouldBeEmpty();

    [Theory]
    [InlineData("- a\n- b\n", 1, 1)]
    [InlineData("just words\n", 1, 1)]
    [InlineData("node-name: a\nseed: {a: b}\n", 2, 7)]
    [InlineData("seed:\n  - a:1\n  - [b]\n", 3, 5)]
    [InlineData("node-name: \"open\n", 1, 12)]
    [InlineData("node-name: a\n\tseed: b\n", 1, 12)]
    [InlineData("node-name: a\nnode-name: b\n", 2, 1)]
    [InlineData("seed: *nowhere\n", 1, 1)]
    public void A_file_of_the_wrong_form_is_refused_with_line_and_column(string yaml, int line, int column)
    {
        var message = Should.Throw<UsageException>(() => Read(yaml)).Message;

        message.ShouldStartWith($"--config {FilePath}:{line}:{column}: ");
    }

    [Theory]
    [InlineData("seed: [a")]
    [InlineData("seed: {a: b")]
    public void A_bracket_that_is_never_closed_is_refused(string yaml) =>
        Should.Throw<UsageException>(() => Read(yaml)).Message.ShouldStartWith($"--config {FilePath}:");

    [Fact]
    public void A_file_that_is_missing_a_folder_or_too_large_is_refused_by_its_name()
    {
        MessageOf(FilePath).ShouldStartWith($"--config {FilePath}: ");
        MessageOf(_directory.FullName).ShouldStartWith($"--config {_directory.FullName}: ");
        File.WriteAllText(FilePath, $"node-name: {new string('a', 1024 * 1024)}\n");
        MessageOf(FilePath).ShouldStartWith($"--config {FilePath}: ");
    }

    [Fact]
    public void A_key_that_is_no_option_is_refused_by_its_name()
    {
        var file = Read("seeds: [a]\n");

        var message = Should.Throw<UsageException>(() => file.RefuseUnknown(["seed", "node-name"])).Message;

        message.ShouldContain("\"seeds\"");
        message.ShouldContain(FilePath);
    }

    private static string MessageOf(string path) => Should.Throw<UsageException>(() => ConfigurationFile.Read(path)).Message;

    private ConfigurationFile Read(string yaml)
    {
        File.WriteAllText(FilePath, yaml);
        return ConfigurationFile.Read(FilePath);
    }
}

using Peili.LocalCluster.Security;
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

    [Fact]
    public void A_mirror_may_be_a_mapping()
    {
        var file = Read(
            """
            mirror:
            - http://10.0.0.1:5000
            - url: https://mirror.example/v2/hub
              ca: [/a.pem, /b.pem]
              client-cert: /c.pem
              client-key: /k.pem
              headers: {Authorization: "Basic x=", x-a: "1"}
              skip-verify: true
              override-path: true
              registries: [docker.io, "quay.io:443"]
            """);

        file.ValuesOf("mirror")[0].ShouldBe("http://10.0.0.1:5000");
        var mirror = MirrorSettings.FromJson(file.ValuesOf("mirror")[1])!;
        mirror.Url.ShouldBe("https://mirror.example/v2/hub");
        mirror.Files.ShouldBe(["/a.pem", "/b.pem", "/c.pem", "/k.pem"]);
        mirror.Headers.ShouldBe(new Dictionary<string, string> { ["Authorization"] = "Basic x=", ["x-a"] = "1" });
        (mirror.SkipVerify, mirror.OverridePath).ShouldBe((true, true));
        mirror.Registries.ShouldBe(["docker.io", "quay.io:443"]);
    }

    [Theory]
    [InlineData("|\n    ", "\n    ")]
    [InlineData("", "\n    ")]
    [InlineData("\"", "\\n")]
    public void The_text_of_CAs_comes_out_as_containerd_reads_it_however_YAML_folds_it(string opening, string lineEnd)
    {
        using var one = new CertificateAuthority();
        using var two = new CertificateAuthority();
        var text = (one.Pem + "# between\n" + two.Pem).TrimEnd().Replace("# between\n", opening.Length > 1 ? "# between\n" : "", StringComparison.Ordinal);

        var file = Read($"mirror:\n- url: https://a\n  ca-pem: {opening}{text.Replace("\n", lineEnd, StringComparison.Ordinal)}{(opening == "\"" ? opening : "")}\n");

        MirrorSettings.FromJson(file.ValuesOf("mirror")[0])!.CaPem.ShouldBe(one.Pem + two.Pem);
    }

    [Theory]
    [InlineData("- ca: /a\n", 2, 3, "url is missing")]
    [InlineData("- url: mirror.example\n", 2, 8, "mirror.example")]
    [InlineData("- url: https://a\n  cas: /a\n", 3, 3, "cas")]
    [InlineData("- url: https://a\n  ca: a.pem\n", 3, 7, "a.pem")]
    [InlineData("- url: https://a\n  client-key: /a.pem\n", 2, 3, "client-cert")]
    [InlineData("- url: https://a\n  headers: [a]\n", 3, 12, "mapping")]
    [InlineData("- url: https://a\n  headers: {\"a b\": c}\n", 3, 20, "a b")]
    [InlineData("- url: https://a\n  skip-verify: maybe\n", 3, 16, "maybe")]
    [InlineData("- url: https://a\n  registries: [https://b]\n", 3, 16, "https://b")]
    [InlineData("- url: {a: b}\n", 2, 8, "plain value")]
    [InlineData("- url: https://a\n  ca-pem: /a.pem\n", 3, 11, "ca-pem has no certificate")]
    [InlineData("- url: https://a\n  ca-pem: \"\"\n", 3, 11, "ca-pem has no certificate")]
    [InlineData("- url: https://a\n  ca-pem: [a]\n", 3, 11, "plain value")]
    [InlineData("- url: https://a\n  ca-pem: \"-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\"\n", 3, 11, "ca-pem has no certificate")]
    [InlineData("- url: https://a\n  ca-pem: \"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\"\n", 3, 11, "cannot be read")]
    public void A_wrong_field_of_a_mirror_is_refused_with_line_and_column(string items, int line, int column, string named)
    {
        var message = Should.Throw<UsageException>(() => Read($"mirror:\n{items}")).Message;

        message.ShouldStartWith($"--config {FilePath}:{line}:{column}: ");
        message.ShouldContain(named);
    }

    private static string MessageOf(string path) => Should.Throw<UsageException>(() => ConfigurationFile.Read(path)).Message;

    private ConfigurationFile Read(string yaml)
    {
        File.WriteAllText(FilePath, yaml);
        return ConfigurationFile.Read(FilePath);
    }
}

using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Peili.LocalCluster.Security;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Commands;

public sealed class OptionSourcesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("peili-options-");
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Without_anything_said_the_defaults_hold()
    {
        var options = Bind("--insecure");

        options.RegistryAddress.ShouldBe(IPEndPoint.Parse("127.0.0.1:29950"));
        options.PeerAddress.ShouldBe(IPEndPoint.Parse("[::]:29951"));
        options.OperationsAddress.ShouldBe(IPEndPoint.Parse("127.0.0.1:29952"));
        options.ContainerdSocket.ShouldBe("/run/containerd/containerd.sock");
        options.ContainerdNamespace.ShouldBe("k8s.io");
        options.StatePath.ShouldBe("/var/lib/peili");
        options.ResolveTags.ShouldBe(TagResolution.WhenUpstreamDown);
        options.RegistryAuthentication.ShouldBe(RegistryAuthentication.None);
        options.NodeName.ShouldBe(Environment.MachineName);
        options.LogLevel.ShouldBe(LogLevel.Information);
        options.HostsDirectory.ShouldBeNull();
        options.ContentPath.ShouldBeNull();
        options.AdvertiseAddress.ShouldBeNull();
        options.Seeds.ShouldBeEmpty();
        options.Registries.ShouldBeEmpty();
        options.Filters.ShouldBeEmpty();
    }

    [Fact]
    public void The_command_line_beats_the_environment_and_that_the_file()
    {
        _environment["PEILI_NODE_NAME"] = "environment";
        _environment["PEILI_CONTAINERD_NAMESPACE"] = "environment";
        var file = Write("node-name: file\ncontainerd-namespace: file\nstate-path: file\ninsecure: true\n");

        var options = Bind("--config", file, "--node-name", "command-line");

        options.NodeName.ShouldBe("command-line");
        options.ContainerdNamespace.ShouldBe("environment");
        options.StatePath.ShouldBe("file");
    }

    [Fact]
    public void Repeated_values_come_from_one_source_alone()
    {
        _environment["PEILI_SEED"] = "environment-1:1, environment-2:2";
        _environment["PEILI_REGISTRY"] = "quay.io,ghcr.io,";
        var file = Write("seed: [file:1]\nregistry: docker.io\nfilter: [one, 'two{1,2}']\ninsecure: true\n");

        var options = Bind("--config", file, "--seed", "a:1", "--seed", "b:2");

        options.Seeds.Select(seed => $"{seed}").ShouldBe(["a:1", "b:2"]);
        options.Registries.ShouldBe(["quay.io", "ghcr.io"]);
        options.Filters.Select(filter => $"{filter}").ShouldBe(["one", "two{1,2}"]);
    }

    [Fact]
    public void The_environment_can_name_the_file()
    {
        _environment["PEILI_CONFIG"] = Write("node-name: file\ninsecure: true\n");

        Bind().NodeName.ShouldBe("file");
    }

    [Theory]
    [InlineData("PEILI_NODE_NAME", "-dash")]
    [InlineData("PEILI_NODE_NAME", "--insecure")]
    [InlineData("PEILI_NODE_NAME", "@at")]
    [InlineData("PEILI_NODE_NAME", "a=b")]
    public void A_value_of_the_environment_is_a_value_whatever_it_looks_like(string variable, string value)
    {
        _environment[variable] = value;

        Bind("--insecure").NodeName.ShouldBe(value);
    }

    [Fact]
    public void A_value_of_the_environment_may_have_spaces()
    {
        _environment["PEILI_STATE_PATH"] = "a b";

        Bind("--insecure").StatePath.ShouldBe("a b");
    }

    [Fact]
    public void A_value_of_the_file_is_a_value_whatever_it_looks_like() =>
        Bind("--insecure", "--config", Write("filter: ['-secret-', '@sha256']\n")).Filters.Select(filter => $"{filter}").ShouldBe(["-secret-", "@sha256"]);

    [Fact]
    public void An_empty_variable_says_nothing()
    {
        _environment["PEILI_NODE_NAME"] = "";
        _environment["PEILI_SEED"] = "";

        var options = Bind("--insecure");

        options.NodeName.ShouldBe(Environment.MachineName);
        options.Seeds.ShouldBeEmpty();
    }

    [Fact]
    public void The_registry_secret_is_asked_for_when_it_is_said()
    {
        Bind("--insecure", "--registry-auth", "header").RegistryAuthentication.ShouldBe(RegistryAuthentication.Header);
        Bind("--insecure", "--registry-auth", "NONE").RegistryAuthentication.ShouldBe(RegistryAuthentication.None);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1:7")]
    [InlineData("10.0.0.1:8", "10.0.0.1:8")]
    [InlineData("fd00::1", "[fd00::1]:7")]
    [InlineData("[fd00::1]:8", "[fd00::1]:8")]
    public void An_advertised_address_without_a_port_has_the_listeners(string advertised, string expected) =>
        Bind("--insecure", "--peer-address", "0.0.0.0:7", "--advertise-address", advertised).AdvertiseAddress.ShouldBe(IPEndPoint.Parse(expected));

    [Fact]
    public void A_misspelt_key_is_refused()
    {
        var file = Write("node_name: a\n");

        Should.Throw<UsageException>(() => Bind("--insecure", "--config", file)).Message.ShouldContain("\"node_name\"");
    }

    [Fact]
    public void A_key_of_another_command_is_no_mistake() => Bind("--insecure", "--config", Write("hosts-dir: /certs.d\nlog-level: debug\n")).LogLevel.ShouldBe(LogLevel.Debug);

    [Fact]
    public void What_the_operator_writes_of_mirrors_is_taken_in_one_line_of_JSON()
    {
        using var authority = new CertificateAuthority();
        var mirror = new JsonObject
        {
            ["url"] = "https://mirror.example/hub",
            ["registries"] = new JsonArray("docker.io", "quay.io:443"),
            ["ca-pem"] = authority.Pem,
            ["headers"] = new JsonObject { ["Authorization"] = "Basic dXNlcjpwYXNz+/==" },
        };
        var json = new JsonObject { ["mirror"] = new JsonArray(mirror, new JsonObject { ["url"] = "http://10.0.0.1:5000" }) }.ToJsonString();
        json.ShouldNotContain('\n');

        var mirrors = Bind("--insecure", "--config", Write(json)).Hosts.Mirrors;

        mirrors.Select(each => each.Url).ShouldBe(["https://mirror.example/hub", "http://10.0.0.1:5000"]);
        mirrors[0].Registries.ShouldBe(["docker.io", "quay.io:443"]);
        mirrors[0].CaPem.ShouldBe(authority.Pem);
        mirrors[0].Headers.ShouldBe(new Dictionary<string, string> { ["Authorization"] = "Basic dXNlcjpwYXNz+/==" });
        mirrors[1].CaPem.ShouldBeNull();
    }

    private string Write(string yaml)
    {
        var path = Path.Combine(_directory.FullName, "agent.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }

    private AgentOptions Bind(params string[] arguments)
    {
        arguments = ["serve", .. arguments];
        var root = new RootCommand { ServeCommand.Create(), ConfigureCommand.Create(), CleanupCommand.Create() };
        var parsed = root.Parse(OptionSources.Complete(root.Parse(arguments), arguments, name => _environment.GetValueOrDefault(name)));
        parsed.Errors.Select(error => error.Message).ShouldBeEmpty();
        return ServeOptions.Bind(parsed);
    }
}

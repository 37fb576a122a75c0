using Peili.Containerd.Hosts;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Configuration;

/// <summary>Against what k3s makes of the same file (its unit tests of getHostConfigs).</summary>
public sealed class RegistriesFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("https://registry.example.com/v2", "https://registry.example.com/v2", false)]
    [InlineData("https://registry.example.com", "https://registry.example.com/v2", false)]
    [InlineData("https://registry.example.com/", "https://registry.example.com/v2", false)]
    [InlineData("registry.example.com", "https://registry.example.com/v2", false)]
    [InlineData("registry.example.com/v2", "https://registry.example.com/v2", false)]
    [InlineData("registry.example.com:443", "https://registry.example.com:443/v2", false)]
    [InlineData("1.2.3.4", "https://1.2.3.4/v2", false)]
    [InlineData("1.2.3.4:443", "https://1.2.3.4:443/v2", false)]
    [InlineData("localhost:5000", "http://localhost:5000/v2", false)]
    [InlineData("https://localhost:5000", "https://localhost:5000/v2", false)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/v2", false)]
    [InlineData("https://127.0.0.1:5000", "https://127.0.0.1:5000/v2", false)]
    [InlineData("localhost", "https://localhost/v2", false)]
    [InlineData("localhost:443", "https://localhost:443/v2", false)]
    [InlineData("https://registry.example.com/prefix/v2", "https://registry.example.com/prefix/v2", true)]
    [InlineData("registry.example.com/project/registry", "https://registry.example.com/project/registry", true)]
    public void An_endpoint_is_read_as_k3s_reads_it(string endpoint, string url, bool overridePath)
    {
        var file = Read($"mirrors:\n  docker.io:\n    endpoint: [\"{endpoint}\"]\n");

        file.Hosts.Select(host => (host.Url, host.OverridePath)).ShouldBe([(url, overridePath)]);
        file.Hosts[0].Registries.ShouldBe(["docker.io"]);
        file.Hosts[0].Capabilities.ShouldBe(["pull", "resolve"]);
        file.Servers["docker.io"].Url.ShouldBe("https://registry-1.docker.io/v2");
        file.Servers["docker.io"].Capabilities.ShouldBe(["pull", "resolve", "push"]);
    }

    [Theory]
    [InlineData("mirrors:\n  docker.io:\n")]
    [InlineData("mirrors:\n  docker.io:\n    endpoint: [docker.io]\n")]
    [InlineData("mirrors:\n  \"*\":\n")]
    [InlineData("mirrors:\n  localhost:5000:\n")]
    [InlineData("")]
    [InlineData("mirrors:\nconfigs:\n")]
    public void What_says_nothing_beyond_the_default_is_no_file(string yaml)
    {
        var file = Read(yaml);

        file.Hosts.ShouldBeEmpty();
        file.Servers.ShouldBeEmpty();
    }

    [Fact]
    public void The_star_is_the_default_whose_server_is_the_registry_asked_for()
    {
        var file = Read("mirrors:\n  \"*\":\n    endpoint:\n    - https://registry.example.com/v2\n");

        file.Hosts.Single().Registries.ShouldBe([HostsDirectory.Default]);
        file.Servers[HostsDirectory.Default].Url.ShouldBeEmpty();
    }

    [Fact]
    public void An_endpoint_given_twice_counts_once_and_the_registry_itself_at_the_end_is_the_server()
    {
        var file = Read(
            """
            mirrors:
              docker.io:
                endpoint:
                - registry.example.com
                - https://registry.example.com
                - https://registry.example.org
                - https://registry.example.com/v2
                - docker.io
            """);

        file.Hosts.Select(host => host.Url).ShouldBe(["https://registry.example.com/v2", "https://registry.example.org/v2"]);
        file.Servers["docker.io"].Url.ShouldBe("https://registry-1.docker.io/v2");
    }

    [Fact]
    public void Certificates_of_an_endpoint_and_of_the_registry_itself_are_found_by_host()
    {
        var file = Read(
            """
            mirrors:
              docker.io:
                endpoint: [https://registry.example.com/v2]
            configs:
              registry.example.com:
                tls: {ca_file: /ca.pem, cert_file: /cert.pem, key_file: /key.pem}
              registry-1.docker.io:
                tls: {insecure_skip_verify: true}
              "*":
                tls: {insecure_skip_verify: true}
            """);

        var endpoint = file.Hosts.Single();
        (endpoint.Authorities.Single(), endpoint.ClientCertificate, endpoint.ClientKey, endpoint.SkipVerify).ShouldBe(("/ca.pem", "/cert.pem", "/key.pem", false));
        file.Servers["docker.io"].SkipVerify.ShouldBeTrue();
        file.Servers["registry.example.com"].ClientKey.ShouldBe("/key.pem");
        file.Servers[HostsDirectory.Default].SkipVerify.ShouldBeTrue();
    }

    [Theory]
    [InlineData("mirrors:\n  docker.io:\n    endpoint: [a]\n    rewrite:\n      \"^a/(.*)\": b/$1\n", 5, 7, "rewrite")]
    [InlineData("configs:\n  docker.io:\n    auth:\n      username: user\n", 4, 7, "auth")]
    [InlineData("mirors: {}\n", 1, 1, "mirors")]
    [InlineData("mirrors:\n  docker.io:\n    endpoints: [a]\n", 3, 5, "endpoints")]
    [InlineData("mirrors:\n  docker.io:\n    endpoint: [ftp://a]\n", 3, 16, "ftp://a")]
    [InlineData("mirrors: [a]\n", 1, 10, "mapping")]
    [InlineData("configs:\n  a:\n    tls: {insecure_skip_verify: yes}\n", 3, 33, "yes")]
    [InlineData("configs:\n  a:\n    tls: {cert_file: /c}\n", 3, 10, "key_file")]
    [InlineData("configs:\n  a b:\n    tls: {ca_file: /c}\n", 3, 5, "a b")]
    [InlineData("mirrors: \"open\n", 1, 10, "")]
    public void What_cannot_be_said_in_hosts_toml_is_refused_by_name_and_place(string yaml, int line, int column, string named)
    {
        var message = Should.Throw<UsageException>(() => Read(yaml)).Message;

        message.ShouldStartWith($"--registries-yaml {_directory.PathOf("registries.yaml")}:{line}:{column}: ");
        message.ShouldContain(named);
    }

    private RegistriesFile Read(string yaml) => RegistriesFile.Read(_directory.Write("registries.yaml", yaml));
}

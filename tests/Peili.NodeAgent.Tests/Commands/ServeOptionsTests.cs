using System.CommandLine;
using System.Net;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Tests.Commands;

public sealed class ServeOptionsTests
{
    private static readonly string[] s_secure =
        ["--tls-ca", "ca.crt", "--tls-cert", "tls.crt", "--tls-key", "tls.key", "--cluster-key-file", "keys"];

    [Fact]
    public void A_secure_agent_has_certificates_keys_and_the_registry_secret()
    {
        var options = Bind(s_secure);

        options.Tls.ShouldBe(new TlsFiles("ca.crt", "tls.crt", "tls.key"));
        options.ClusterKeyFile.ShouldBe("keys");
        options.RegistryAuthentication.ShouldBe(RegistryAuthentication.Header);
    }

    [Theory]
    [InlineData("--tls-ca")]
    [InlineData("--tls-cert")]
    [InlineData("--tls-key")]
    [InlineData("--cluster-key-file")]
    public void Each_of_them_must_be_given(string left)
    {
        var at = Array.IndexOf(s_secure, left);

        Should.Throw<UsageException>(() => Bind([.. s_secure[..at], .. s_secure[(at + 2)..]])).Message.ShouldStartWith($"{left} must be given");
    }

    [Theory]
    [InlineData("--tls-ca")]
    [InlineData("--tls-cert")]
    [InlineData("--tls-key")]
    [InlineData("--cluster-key-file")]
    public void None_of_them_goes_with_insecure(string given)
    {
        var message = Should.Throw<UsageException>(() => Bind("--insecure", given, "file")).Message;

        message.ShouldContain(given);
        message.ShouldContain("--insecure");
    }

    [Fact]
    public void An_insecure_agent_has_neither()
    {
        var options = Bind("--insecure");

        options.Tls.ShouldBeNull();
        options.ClusterKeyFile.ShouldBeNull();
    }

    [Fact]
    public void The_metrics_listener_is_off_until_it_is_asked_for_and_shows_the_agents_own_certificate()
    {
        var token = new[] { "--metrics-address", "[::]:29953", "--metrics-token-file", "token" };

        Bind(s_secure).MetricsAddress.ShouldBeNull();
        Bind([.. s_secure, .. token]).MetricsAddress.ShouldBe(new IPEndPoint(IPAddress.IPv6Any, 29953));
        Bind([.. s_secure, .. token]).MetricsFiles.ShouldBe(new MetricsFiles("token", "tls.crt", "tls.key"));
        Bind([.. s_secure, .. token, "--metrics-tls-cert", "own.crt", "--metrics-tls-key", "own.key"]).MetricsFiles.ShouldBe(new MetricsFiles("token", "own.crt", "own.key"));
        Bind("--insecure", "--metrics-address", "127.0.0.1:1").MetricsFiles.ShouldBe(new MetricsFiles(null, null, null));
    }

    [Theory]
    [InlineData("http://collector:4318", "http://collector:4318/v1/metrics")]
    [InlineData("https://collector/otlp/v1/metrics", "https://collector/otlp/v1/metrics")]
    public void OTLP_goes_to_the_usual_path_unless_another_is_given(string given, string endpoint)
    {
        Bind("--insecure", "--otlp-endpoint", given).OtlpEndpoint.ShouldBe(new Uri(endpoint));
        Bind("--insecure").OtlpEndpoint.ShouldBeNull();
    }

    [Fact]
    public void The_zone_is_what_was_said_or_left_open()
    {
        Bind("--insecure", "--zone", "eu-1a").Zone.ShouldBe("eu-1a");
        Bind("--insecure").Zone.ShouldBeNull();
    }

    [Fact]
    public void A_file_of_seeds_is_taken_beside_others()
    {
        var options = Bind("--insecure", "--seed", "a:1", "--seed-file", "seeds");

        options.SeedFile.ShouldBe("seeds");
        options.Seeds.ShouldBe([new HostAndPort("a", 1)]);
    }

    [Theory]
    [InlineData("--node-name", 253)]
    [InlineData("--zone", 63)]
    public void A_name_has_visible_characters_up_to_its_bound(string option, int bound)
    {
        Parse("--insecure", option, new string('x', bound)).Errors.ShouldBeEmpty();
        foreach (var bad in new[] { "", " ", "a b", "a\t", "ä", new string('x', bound + 1) })
        {
            Parse("--insecure", option, bad).Errors.ShouldHaveSingleItem().Message.ShouldContain($"{option} must have 1 to {bound} visible ASCII characters");
        }
    }

    private static ParseResult Parse(params string[] arguments) => new RootCommand { ServeCommand.Create() }.Parse(["serve", .. arguments]);

    private static AgentOptions Bind(params string[] arguments)
    {
        var parsed = Parse(arguments);
        parsed.Errors.Select(error => error.Message).ShouldBeEmpty();
        return ServeOptions.Bind(parsed);
    }
}

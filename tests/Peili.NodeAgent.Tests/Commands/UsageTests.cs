using System.Net;
using System.Net.Sockets;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary>The real program, given what it cannot use.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("", "command")]
    [InlineData("srve", "srve")]
    [InlineData("serve", "--insecure")]
    [InlineData("serve --insecure --sede a:1", "--sede")]
    [InlineData("serve --insecure=maybe", "--insecure")]
    [InlineData("serve --insecure --seed", "--seed")]
    [InlineData("serve --insecure --seed a", "--seed")]
    [InlineData("serve --insecure --seed a:0", "--seed")]
    [InlineData("serve --insecure --registry-address localhost:1", "--registry-address")]
    [InlineData("serve --insecure --peer-address [::]:99999", "--peer-address")]
    [InlineData("serve --insecure --ops-address 1", "--ops-address")]
    [InlineData("serve --insecure --advertise-address node-1", "--advertise-address")]
    [InlineData("serve --insecure --registry https://docker.io", "--registry")]
    [InlineData("serve --insecure --filter (", "--filter")]
    [InlineData("serve --insecure --filter (?=a)", "--filter")]
    [InlineData("serve --insecure --resolve-tags Sometimes", "--resolve-tags")]
    [InlineData("serve --insecure --registry-auth basic", "--registry-auth")]
    [InlineData("serve --insecure --log-level loud", "--log-level")]
    [InlineData("serve --insecure --node-name a --node-name b", "--node-name")]
    [InlineData("serve --insecure --config", "--config")]
    [InlineData("serve --insecure --config /nonexistent.yaml", "--config")]
    [InlineData("configure", "--hosts-dir")]
    [InlineData("cleanup", "--hosts-dir")]
    [InlineData("configure --hosts-dir /nonexistent --mirror 10.0.0.1:5000", "--mirror")]
    [InlineData("configure --hosts-dir /nonexistent --mirror ftp://10.0.0.1", "--mirror")]
    [InlineData("configure --hosts-dir /nonexistent --mirror {}", "--mirror")]
    [InlineData("configure --hosts-dir /nonexistent --no-agent", "--mirror")]
    [InlineData("configure --flavor k8s", "kubeadm")]
    [InlineData("configure --flavor cri-o", "--hosts-dir")]
    [InlineData("configure --hosts-dir /nonexistent --registries-yaml /nonexistent", "--registries-yaml")]
    [InlineData("configure --hosts-dir /nonexistent --host-root /nonexistent", "--host-root")]
    [InlineData("configure --hosts-dir /nonexistent --containerd-version two", "--containerd-version")]
    [InlineData("serve --insecure --mirror a", "--mirror")]
    [InlineData("version --loud", "--loud")]
    [InlineData("serve --insecure --tls-ca a", "--tls-ca and --insecure")]
    [InlineData("serve --insecure --cluster-key-file a", "--cluster-key-file and --insecure")]
    [InlineData("serve --tls-ca a --tls-cert b --tls-key c", "--cluster-key-file")]
    [InlineData("serve --insecure --metrics-address 1", "--metrics-address")]
    [InlineData("serve --insecure --metrics-token-file a", "--metrics-address")]
    [InlineData("serve --insecure --metrics-address 127.0.0.1:0 --metrics-tls-cert a", "--metrics-tls-key")]
    [InlineData("serve --tls-ca a --tls-cert b --tls-key c --cluster-key-file d --metrics-address 127.0.0.1:0", "--metrics-token-file must be given")]
    [InlineData("serve --insecure --otlp-endpoint ftp://collector", "--otlp-endpoint")]
    [InlineData("locate", "locate")]
    [InlineData("locate redis alpine", "alpine")]
    [InlineData("locate redis --output xml", "--output")]
    [InlineData("status redis", "redis")]
    [InlineData("status --output xml", "--output")]
    [InlineData("status --ops-address 1", "--ops-address")]
    public async Task A_wrong_option_is_named_in_one_line_with_exit_status_64(string arguments, string named)
    {
        var (status, output, errors) = await AgentExecutable.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        errors.ShouldStartWith("peili-agent: ");
        errors.ShouldEndWith("\n");
        errors.Count(character => character == '\n').ShouldBe(1, errors);
        errors.ShouldContain(named);
        output.ShouldBeEmpty();
        status.ShouldBe(64);
    }

    [Theory]
    [InlineData("PEILI_INSECURE", "maybe", "--insecure")]
    [InlineData("PEILI_SEED", "a:1,b", "--seed")]
    [InlineData("PEILI_RESOLVE_TAGS", "Sometimes", "--resolve-tags")]
    [InlineData("PEILI_CONFIG", "/nonexistent.yaml", "--config")]
    public async Task A_wrong_variable_is_told_by_its_option(string variable, string value, string named)
    {
        var (status, _, errors) = await AgentExecutable.RunAsync(["serve"], [KeyValuePair.Create(variable, value)]);

        errors.ShouldStartWith("peili-agent: ");
        errors.Count(character => character == '\n').ShouldBe(1, errors);
        errors.ShouldContain(named);
        status.ShouldBe(64);
    }

    [Fact]
    public async Task Help_names_every_option_that_others_rely_on()
    {
        var (status, output, _) = await AgentExecutable.RunAsync(["serve", "--help"]);

        status.ShouldBe(0);
        foreach (var option in new[]
        {
            "--node-name", "--containerd-socket", "--containerd-namespace", "--content-path", "--registry-address", "--peer-address", "--advertise-address",
            "--ops-address", "--seed", "--registry", "--filter", "--resolve-tags", "--registry-auth", "--state-path", "--hosts-dir", "--insecure", "--config",
            "--metrics-address", "--metrics-token-file", "--metrics-tls-cert", "--metrics-tls-key", "--otlp-endpoint",
        })
        {
            output.ShouldContain(option);
        }
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_is_one_line_and_exit_status_1() => await FailsToListenAsync("192.0.2.1:29950");

    [Fact]
    public async Task An_address_in_use_is_one_line_and_exit_status_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await FailsToListenAsync($"{taken.LocalEndpoint}");
    }

    private static async Task FailsToListenAsync(string address)
    {
        var (status, output, errors) = await AgentExecutable.RunAsync(
            ["serve", "--insecure", "--registry-address", address, "--peer-address", "127.0.0.1:0", "--ops-address", "127.0.0.1:0", "--log-level", "error"]);

        errors.ShouldStartWith("peili-agent: ");
        errors.ShouldContain(address);
        errors.Count(character => character == '\n').ShouldBe(1, errors);
        output.ShouldBeEmpty();
        status.ShouldBe(1);
    }
}

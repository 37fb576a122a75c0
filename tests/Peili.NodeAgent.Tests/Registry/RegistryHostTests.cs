using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Registry;

public sealed class RegistryHostTests
{
    [Theory]
    [InlineData("docker.io")]
    [InlineData("registry.example.com:5000")]
    [InlineData("localhost")]
    [InlineData("10.0.0.1:5000")]
    [InlineData("[fd00::1]:5000")]
    [InlineData("[fd00::1]")]
    public void A_registry_is_a_host_or_a_host_and_a_port(string registry) => RegistryHost.IsValid(registry).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("docker.io/library")]
    [InlineData("https://docker.io")]
    [InlineData("docker.io:port")]
    [InlineData("docker.io:65536")]
    [InlineData("docker.io:")]
    [InlineData("user@docker.io")]
    [InlineData("docker io")]
    [InlineData("docker.io\n")]
    [InlineData("[::1")]
    [InlineData("::1")]
    [InlineData("[10.0.0.1]:5000")]
    [InlineData("../etc")]
    [InlineData("a?b")]
    public void Anything_else_is_none(string registry) => RegistryHost.IsValid(registry).ShouldBeFalse();

    [Fact]
    public void A_registry_has_at_most_260_characters() => RegistryHost.IsValid($"{string.Join('.', Enumerable.Repeat("abc", 70))}").ShouldBeFalse();
}

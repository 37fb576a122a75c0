using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Tests.Configuration;

public sealed class HostAndPortTests
{
    [Theory]
    [InlineData("node-1:29951", "node-1", 29951)]
    [InlineData("a.b.example.com:1", "a.b.example.com", 1)]
    [InlineData("10.0.0.1:65535", "10.0.0.1", 65535)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("[fd00:1::2]:29951", "fd00:1::2", 29951)]
    public void A_host_and_a_port_are_read_and_written(string text, string host, int port)
    {
        HostAndPort.TryParse(text, out var parsed).ShouldBeTrue();

        parsed.ShouldBe(new HostAndPort(host, port));
        parsed.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData(":80")]
    [InlineData("host:port")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:+1")]
    [InlineData("host: 1")]
    [InlineData("host:80 ")]
    [InlineData("::1:80")]
    [InlineData("[::1]80")]
    [InlineData("[::1:80")]
    [InlineData("[]:80")]
    [InlineData("[node-1]:80")]
    [InlineData("[10.0.0.1]:80")]
    [InlineData("a b:80")]
    [InlineData("http://host:80")]
    [InlineData("host/path:80")]
    public void Anything_else_is_refused(string text) => HostAndPort.TryParse(text, out _).ShouldBeFalse();
}

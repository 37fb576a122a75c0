using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Registry;

/// <summary>The name of an upstream registry: a host, or host and port.</summary>
internal static class RegistryHost
{
    private const int MaxLength = 260;

    public static bool IsValid(string registry) =>
        registry.Length <= MaxLength && HostAndPort.TryParse(HasPort(registry) ? registry : registry + ":443", out _);

    private static bool HasPort(string registry) => registry.LastIndexOf(':') > registry.LastIndexOf(']');
}

using System.Net;
using Microsoft.Extensions.Logging;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>Options of an agent that meets nobody and touches nothing, for tests to change.</summary>
internal static class TestOptions
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    public static AgentOptions Default { get; } = new()
    {
        NodeName = "test",
        ContainerdSocket = "/nonexistent",
        ContainerdNamespace = "k8s.io",
        RegistryAddress = s_anyPort,
        PeerAddress = s_anyPort,
        OperationsAddress = s_anyPort,
        Seeds = [],
        Registries = [],
        Filters = [],
        ResolveTags = TagResolution.Always,
        RegistryAuthentication = RegistryAuthentication.None,
        StatePath = "/nonexistent",
        LogLevel = LogLevel.Debug,
    };
}

using System.Net;
using Peili.Containerd.Hosts;

namespace Peili.NodeAgent.Hosting;

/// <summary>What <c>serve</c> and <c>configure</c> write into certs.d, the same for both.</summary>
internal static class HostsTarget
{
    /// <summary>The registries to write for: those of <c>--registry</c>, by default every one.</summary>
    public static IReadOnlyCollection<string> Registries(IReadOnlyCollection<string> registries) =>
        registries.Count > 0 ? registries : [HostsDirectory.Default];

    /// <summary>Our host: the registry listener as this node's containerd reaches it.</summary>
    public static HostEntry Entry(IPEndPoint registryAddress, string? secret)
    {
        var address = registryAddress.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : registryAddress.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : registryAddress.Address;
        return new HostEntry(new Uri($"http://{new IPEndPoint(address, registryAddress.Port)}"), secret);
    }
}

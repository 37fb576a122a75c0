using System.Net;
using Peili.Containerd.Hosts;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Hosting;

/// <summary>What <c>serve</c> and <c>configure</c> write into certs.d, the same for both.</summary>
internal static class HostsTarget
{
    /// <summary>A listener on loopback accepts at once, or is not there.</summary>
    private const string DialTimeout = "1s";

    /// <summary>A file of this name under the state path says that the node was given back, and that nothing is to be written.</summary>
    private const string Released = "released";

    /// <summary>Whether the operator has taken this node out of the mirror.</summary>
    public static bool IsReleased(string statePath) => File.Exists(MarkOf(statePath));

    /// <summary>Takes this node out of the mirror, or into it.</summary>
    /// <exception cref="IOException">The state path takes nothing.</exception>
    public static void SetReleased(string statePath, bool released)
    {
        if (!released)
        {
            File.Delete(MarkOf(statePath));
        }
        else if (!IsReleased(statePath))
        {
            Directory.CreateDirectory(statePath);
            AtomicFile.Write(MarkOf(statePath), [], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Everything that is to stand in certs.d.</summary>
    /// <param name="wishes">What was asked for.</param>
    /// <param name="registries">Those of <c>--registry</c>, by default every one.</param>
    /// <param name="registryAddress">The registry listener.</param>
    /// <param name="secret">What it wants of its clients; null for nothing.</param>
    public static HostsSettings Settings(HostsWishes wishes, IReadOnlyCollection<string> registries, IPEndPoint registryAddress, string? secret) => new()
    {
        Registries = registries.Count > 0 || !wishes.Agent && wishes.Mirrors.Count == 0 ? registries : [HostsDirectory.Default],
        Hosts =
        [
            .. wishes.Agent ? [Agent(registryAddress, secret)] : (HostEntry[])[],
            .. wishes.Mirrors.Select(mirror => mirror.ToEntry()),
            .. wishes.Registries?.Hosts ?? [],
        ],
        Servers = wishes.Registries?.Servers ?? new Dictionary<string, HostEntry>(),
        ReplaceExisting = wishes.ReplaceExisting,
        Upstream = wishes.Upstream,
    };

    /// <summary>The registry listener as this node's containerd reaches it.</summary>
    public static Uri AgentUrl(IPEndPoint registryAddress)
    {
        var address = registryAddress.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : registryAddress.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : registryAddress.Address;
        return new Uri($"http://{new IPEndPoint(address, registryAddress.Port)}");
    }

    private static string MarkOf(string statePath) => Path.Combine(statePath, Released);

    private static HostEntry Agent(IPEndPoint registryAddress, string? secret) =>
        new(AgentUrl(registryAddress).GetLeftPart(UriPartial.Authority)) { Secret = secret, DialTimeout = DialTimeout };
}

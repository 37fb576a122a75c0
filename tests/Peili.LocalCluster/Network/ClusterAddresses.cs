using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peili.LocalCluster.Network;

/// <summary>
/// The addresses inside a cluster. Every cluster uses the same ones, for no packet leaves its namespaces: 10.88.0.0/24, or
/// fd00:88::/64 and no IPv4 at all but the loopback's.
/// </summary>
internal sealed class ClusterAddresses(bool ipv6)
{
    /// <summary>Length of the network part, in bits.</summary>
    internal int PrefixLength => ipv6 ? 64 : 24;

    /// <summary>The machine with this number, 1 to 254.</summary>
    internal IPAddress Of(int number) =>
        IPAddress.Parse(
            ipv6
                ? string.Create(CultureInfo.InvariantCulture, $"fd00:88::{number:x}")
                : string.Create(CultureInfo.InvariantCulture, $"10.88.0.{number}"));

    /// <summary>The address of "every interface", as a listener is given it.</summary>
    internal IPAddress Any => ipv6 ? IPAddress.IPv6Any : IPAddress.Any;

    /// <summary>The family as the command line of iproute2 has it.</summary>
    internal static string Option(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "-6" : "-4";
}

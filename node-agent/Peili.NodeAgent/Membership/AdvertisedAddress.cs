using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Peili.NodeAgent.Membership;

/// <summary>Where other agents reach this one, when nobody said it.</summary>
internal static class AdvertisedAddress
{
    /// <summary>Addresses for documentation (RFC 5737, RFC 3849): nobody has them, so they go by the default route. Nothing is sent there.</summary>
    private static readonly IPEndPoint[] Elsewhere = [new(IPAddress.Parse("192.0.2.1"), 9), new(IPAddress.Parse("2001:db8::1"), 9)];

    /// <summary>
    /// The listener's own address; where that is a wildcard the address of the default route, or else the first of a network
    /// interface that is up, or else loopback.
    /// </summary>
    public static IPAddress Find(IPAddress listener)
    {
        if (!listener.Equals(IPAddress.Any) && !listener.Equals(IPAddress.IPv6Any))
        {
            return listener;
        }

        var families = listener.AddressFamily == AddressFamily.InterNetwork ? Elsewhere[..1] : Elsewhere;
        return families.Select(OfRouteTo).OfType<IPAddress>().FirstOrDefault()
            ?? OfInterfaces().FirstOrDefault(address => families.Any(family => family.AddressFamily == address.AddressFamily))
            ?? IPAddress.Loopback;
    }

    /// <summary>The address that the kernel would send from; connecting a datagram socket only looks up the route.</summary>
    private static IPAddress? OfRouteTo(IPEndPoint destination)
    {
        try
        {
            using var socket = new Socket(destination.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(destination);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            // No route, or no such family on this host: the next way.
            return null;
        }
    }

    private static IEnumerable<IPAddress> OfInterfaces() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => !address.IsIPv6LinkLocal)
        .OrderBy(address => address.AddressFamily);
}

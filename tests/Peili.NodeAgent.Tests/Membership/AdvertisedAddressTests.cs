using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Peili.NodeAgent.Membership;

namespace Peili.NodeAgent.Tests.Membership;

public sealed class AdvertisedAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    public void A_listener_on_one_address_is_reached_there(string address) =>
        AdvertisedAddress.Find(IPAddress.Parse(address)).ShouldBe(IPAddress.Parse(address));

    [Fact]
    public void A_listener_on_every_address_is_reached_at_one_of_this_hosts()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address)
            .Append(IPAddress.Loopback).ToArray();

        AdvertisedAddress.Find(IPAddress.IPv6Any).ShouldBeOneOf(own);
        var only4 = AdvertisedAddress.Find(IPAddress.Any);
        only4.ShouldBeOneOf(own);
        only4.AddressFamily.ShouldBe(AddressFamily.InterNetwork);
    }

    [Fact]
    public void Where_the_host_has_more_than_loopback_that_is_not_it()
    {
        var reachable = NetworkInterface.GetAllNetworkInterfaces()
            .Any(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback
                && network.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.AddressFamily == AddressFamily.InterNetwork));
        Assert.SkipUnless(reachable, "this host has no IPv4 address but loopback");

        IPAddress.IsLoopback(AdvertisedAddress.Find(IPAddress.Any)).ShouldBeFalse();
    }
}

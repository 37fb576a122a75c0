using System.Net;
using System.Net.Sockets;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>A loopback address for a process that must be told its port. Below the ephemeral range, so that no connection takes it meanwhile.</summary>
internal static class FreePort
{
    public static IPEndPoint Find()
    {
        while (true)
        {
            var address = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(10_000, 29_000));
            using var listener = new TcpListener(address);
            try
            {
                listener.Start();
                return address;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}

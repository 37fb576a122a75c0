using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Security;

namespace Peili.NodeAgent.Hosting;

/// <summary>The agent's listening sockets and their limits.</summary>
internal static class Listeners
{
    private const int MaxConnections = 4096;
    private const int MaxRequestLine = 8 * 1024;
    private const int MaxRequestHeaders = 16 * 1024;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How far a transfer may run ahead of its client, in bytes.</summary>
    private const int MaxResponseBuffer = 512 * 1024;

    /// <summary>
    /// A transfer goes on inside the socket's own completion, not on another thread after it: more throughput, and a third less memory. What it does
    /// there that may block is one read of a file, and the pool has threads enough for that.
    /// </summary>
    public static void Configure(SocketTransportOptions sockets)
    {
        sockets.UnsafePreferInlineScheduling = true;
        sockets.MaxWriteBufferSize = MaxResponseBuffer;
    }

    public static void Configure(KestrelServerOptions kestrel, AgentOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxRequestHeaders;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxResponseBufferSize = MaxResponseBuffer;

        // A client that stops reading is the transfer's business, which knows how long is too long.
        kestrel.Limits.MinResponseDataRate = null;

        Listen(kestrel, options.RegistryAddress, Listener.Registry);
        Listen(kestrel, options.PeerAddress, Listener.Peer, kestrel.ApplicationServices.GetService<MutualTls>() is { } tls ? handshake => tls.ForServer(handshake.Connection.RemoteEndPoint) : null);
        Listen(kestrel, options.OperationsAddress, Listener.Operations);
        if (options.MetricsAddress is { } address)
        {
            var credentials = kestrel.ApplicationServices.GetService<MetricsCredentials>();
            Listen(kestrel, address, Listener.Metrics, options.MetricsFiles.Certificate is null ? null : _ => credentials!.ForServer());
        }
    }

    /// <summary>The listener a request came in by.</summary>
    public static Listener Of(HttpContext http) =>
        http.Features.Get<IConnectionItemsFeature>()?.Items[typeof(Listener)] is Listener listener
            ? listener
            : throw new InvalidOperationException("A request came in by no listener of the agent.");

    /// <summary>The port that a listener was given in the end, from the server's addresses.</summary>
    public static int PortOf(Listener listener, IEnumerable<string> addresses) => new Uri(addresses.ElementAt((int)listener)).Port;

    private static void Listen(KestrelServerOptions kestrel, IPEndPoint address, Listener listener, Func<TlsHandshakeCallbackContext, SslServerAuthenticationOptions>? answer = null) =>
        kestrel.Listen(address, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            if (answer is not null)
            {
                endpoint.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakeTimeout,
                    OnConnection = handshake => new(answer(handshake)),
                });
            }

            endpoint.Use(next => connection =>
            {
                connection.Items[typeof(Listener)] = listener;
                return next(connection);
            });
        });
}

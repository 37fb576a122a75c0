using System.Net;
using Peili.AgentApi.Security;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Membership;

/// <summary><c>POST /peili/v1/Bulk</c> on the peer listener: the overlay's requests that are too large for a datagram.</summary>
internal sealed class BulkEndpoint(ClusterOverlay overlay, TimeProvider time)
{
    public const string Path = "/peili/v1/Bulk";

    /// <summary>Of a request or a reply, in bytes.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>Of all requests that are being read, in bytes: one full view, and many small ones.</summary>
    private const int MaxReading = 2 * MaxLength;

    private long _reading;

    public async Task HandleAsync(HttpContext http)
    {
        if (!ProtobufBody.IsPost(http, 1, MaxLength, out var length))
        {
            return;
        }

        if (http.Connection.ClientCertificate is { } certificate && PeerIdentity.RoleOf(certificate) != PeerRole.Agent)
        {
            http.Response.StatusCode = (int)HttpStatusCode.Forbidden;
            return;
        }

        if (overlay.Node is not { } node || !TryReserve(length))
        {
            http.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return;
        }

        byte[]? body;
        try
        {
            body = await ProtobufBody.ReadAsync(http, length, time);
        }
        finally
        {
            Interlocked.Add(ref _reading, -length);
        }

        if (body is null)
        {
            http.Abort();
            return;
        }

        var reply = node.Serve(body);
        try
        {
            if (reply.Length == 0)
            {
                http.Response.StatusCode = (int)HttpStatusCode.BadRequest;
                return;
            }

            await ProtobufBody.WriteAsync(http, reply);
        }
        finally
        {
            node.Served();
        }
    }

    private bool TryReserve(long length)
    {
        if (Interlocked.Add(ref _reading, length) <= MaxReading)
        {
            return true;
        }

        Interlocked.Add(ref _reading, -length);
        return false;
    }
}

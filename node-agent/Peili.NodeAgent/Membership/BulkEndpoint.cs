using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Peili.NodeAgent.Security;

namespace Peili.NodeAgent.Membership;

/// <summary><c>POST /peili/v1/Bulk</c> on the peer listener: the overlay's requests that are too large for a datagram.</summary>
internal sealed class BulkEndpoint(ClusterOverlay overlay, TimeProvider time)
{
    public const string Path = "/peili/v1/Bulk";

    /// <summary>Of a request or a reply, in bytes.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>Of all requests that are being read, in bytes: one full view, and many small ones.</summary>
    private const int MaxReading = 2 * MaxLength;

    private const string ContentType = "application/x-protobuf";
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    private long _reading;

    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            http.Response.StatusCode = (int)HttpStatusCode.MethodNotAllowed;
            return;
        }

        if (http.Connection.ClientCertificate is { } certificate && PeerIdentity.RoleOf(certificate) != PeerRole.Agent)
        {
            http.Response.StatusCode = (int)HttpStatusCode.Forbidden;
            return;
        }

        if (http.Request.ContentLength is not (> 0 and <= MaxLength and var length))
        {
            http.Response.StatusCode = (int)(http.Request.ContentLength > MaxLength ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.LengthRequired);
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
            body = await ReadAsync(http, (int)length);
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
            await WriteAsync(http, reply);
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

    /// <summary>The whole body; null when it does not arrive in time, or not whole.</summary>
    private async Task<byte[]?> ReadAsync(HttpContext http, int length)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxLength;
        using var bound = new CancellationTokenSource(ReadTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, http.RequestAborted);
        var body = new byte[length];
        try
        {
            return await http.Request.Body.ReadAtLeastAsync(body, length, throwOnEndOfStream: false, either.Token) == length ? body : null;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(HttpContext http, byte[] reply)
    {
        if (reply.Length == 0)
        {
            http.Response.StatusCode = (int)HttpStatusCode.BadRequest;
            return;
        }

        http.Response.ContentType = ContentType;
        http.Response.ContentLength = reply.Length;
        await http.Response.Body.WriteAsync(reply, http.RequestAborted);
    }
}

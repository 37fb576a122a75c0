using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Peili.AgentApi;

namespace Peili.NodeAgent.Hosting;

/// <summary>Protobuf bodies of requests and replies of the peer endpoint.</summary>
internal static class ProtobufBody
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether the request is a POST with a length within these bounds; if not, it is answered.</summary>
    public static bool IsPost(HttpContext http, int minLength, int maxLength, out int length)
    {
        length = 0;
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            http.Response.StatusCode = (int)HttpStatusCode.MethodNotAllowed;
            return false;
        }

        if (http.Request.ContentLength is not { } told || told < minLength || told > maxLength)
        {
            http.Response.StatusCode = (int)(http.Request.ContentLength > maxLength ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.LengthRequired);
            return false;
        }

        length = (int)told;
        return true;
    }

    /// <summary>The whole body; null when it does not arrive in time, or not whole.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContext http, int length, TimeProvider time)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = length;
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

    /// <summary>Answers with a body.</summary>
    public static async Task WriteAsync(HttpContext http, byte[] reply)
    {
        http.Response.ContentType = AgentMethods.ContentType;
        http.Response.ContentLength = reply.Length;
        await http.Response.Body.WriteAsync(reply, http.RequestAborted);
    }
}

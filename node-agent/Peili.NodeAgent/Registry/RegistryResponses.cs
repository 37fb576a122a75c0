using System.Globalization;
using System.Net;
using System.Text.Json;
using Peili.Containerd;

namespace Peili.NodeAgent.Registry;

/// <summary>Status lines, headers and error bodies of the pull API.</summary>
internal static class RegistryResponses
{
    /// <summary>Writes an OCI error document (OCI distribution specification 1.1, "Error codes").</summary>
    public static async Task WriteErrorAsync(HttpContext http, RegistryError error)
    {
        var response = http.Response;
        response.StatusCode = (int)error.Status;
        response.ContentType = "application/json";
        var body = JsonSerializer.SerializeToUtf8Bytes(new OciErrors([new OciError(error.Code, error.Message)]), OciErrorsJson.Readable.OciErrors);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    /// <summary>
    /// Writes status and headers of a content. Returns the bytes to send: all, a part (206), or null when there is no body
    /// (HEAD, or a range outside the content: 416).
    /// </summary>
    public static ContentSlice? Begin(MirrorRequest request, Digest digest, string contentType, long length)
    {
        var response = request.Response;
        response.Headers["Docker-Content-Digest"] = digest.ToString();
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = contentType;
        if (request.IsHead || request.Range is not { } range)
        {
            response.ContentLength = length;
            return request.IsHead ? null : new ContentSlice(0, length);
        }

        if (range.Of(length) is not { } slice)
        {
            RefuseRange(response, length);
            return null;
        }

        response.StatusCode = (int)HttpStatusCode.PartialContent;
        response.ContentLength = slice.Length;
        response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {slice.Offset}-{slice.End - 1}/{length}");
        return slice;
    }

    /// <summary>Answers 416 with the content's length (RFC 9110, section 15.5.17).</summary>
    public static void RefuseRange(HttpResponse response, long length)
    {
        response.StatusCode = (int)HttpStatusCode.RequestedRangeNotSatisfiable;
        response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
        response.ContentLength = 0;
    }
}

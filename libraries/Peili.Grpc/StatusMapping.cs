using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Peili.Grpc;

/// <summary>Finds the status in what the server sent, or makes one of how the transport failed.</summary>
internal static class StatusMapping
{
    /// <summary>Reads <c>grpc-status</c> and <c>grpc-message</c>; null where there is no status.</summary>
    public static Status? Read(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("grpc-status", out var codes))
        {
            return null;
        }

        var detail = headers.NonValidated.TryGetValues("grpc-message", out var messages) ? PercentDecode(messages.ToString()) : "";
        var text = codes.ToString();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? new Status(code <= (int)StatusCode.Unauthenticated ? (StatusCode)code : StatusCode.Unknown, detail)
            : new Status(StatusCode.Unknown, $"The server's grpc-status '{text}' is not a number. {detail}".TrimEnd());
    }

    /// <summary>For an answer without a status (gRPC's doc/http-grpc-status-mapping.md).</summary>
    public static StatusCode FromHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>
    /// For a transport that failed: HTTP/2's own error codes as PROTOCOL-HTTP2.md maps them; a connection that did not come up or broke is
    /// Unavailable; what is left are answers that HTTP/2 does not allow.
    /// </summary>
    public static Status FromTransport(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException protocol)
            {
                return new Status(FromHttp2(protocol.ErrorCode), protocol.Message);
            }
        }

        var root = error.GetBaseException();
        var code = root switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => StatusCode.ResourceExhausted,
            HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } => StatusCode.Unavailable,
            IOException or SocketException or TimeoutException or OperationCanceledException
                or ObjectDisposedException => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };
        return new Status(code, root.Message);
    }

    // RFC 9113, section 7.
    private static StatusCode FromHttp2(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM
        0x8 => StatusCode.Cancelled, // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    /// <summary>Undoes the encoding of <c>grpc-message</c>. What is no valid escape stands for itself, as the protocol asks.</summary>
    private static string PercentDecode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = Encoding.Latin1.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var escaped = bytes[i] == '%' && i + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]);
            bytes[length++] = escaped ? Convert.FromHexString(text.AsSpan(i + 1, 2))[0] : bytes[i];
            i += escaped ? 2 : 0;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}

using System.Net;

namespace Peili.Grpc;

/// <summary>Decides whether the beginning and the end of an answer are those of a call that succeeds, and throws where not.</summary>
internal static class ResponseCheck
{
    public static void Start(HttpResponseMessage response)
    {
        // A status among the headers is the whole answer ("Trailers-Only"), whatever the HTTP status says.
        if (StatusMapping.Read(response.Headers) is { } status)
        {
            if (status.StatusCode != StatusCode.OK)
            {
                throw new RpcException(status, MetadataHeaders.Read(response.Headers));
            }

            return;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw Fail(StatusMapping.FromHttp(response.StatusCode), $"The server answered HTTP {(int)response.StatusCode} and no gRPC status.");
        }

        var mediaType = response.Content.Headers.ContentType?.MediaType ?? "";
        if (mediaType != "application/grpc" && !mediaType.StartsWith("application/grpc+", StringComparison.Ordinal))
        {
            throw Fail(StatusCode.Unknown, $"The server answered with content type '{mediaType}', which is not gRPC.");
        }
    }

    public static void End(HttpResponseMessage response, bool truncated)
    {
        var status = StatusMapping.Read(response.TrailingHeaders);
        if (status is { StatusCode: not StatusCode.OK })
        {
            throw new RpcException(status.Value, MetadataHeaders.Read(response.TrailingHeaders));
        }

        if (truncated)
        {
            throw Fail(StatusCode.Internal, "The stream ended within a message.");
        }

        if (status is null)
        {
            throw Fail(StatusCode.Unknown, "The stream ended without a grpc-status.");
        }
    }

    /// <summary>Makes the exception for a fault found on this side.</summary>
    public static RpcException Fail(StatusCode code, string detail) => new(new Status(code, detail));
}

using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Registry;

/// <summary>One well-formed pull request on its way through the agent.</summary>
/// <param name="Http">Request and response.</param>
/// <param name="Listener">Who asks.</param>
/// <param name="Content">For what.</param>
/// <param name="Range">Part of it; null for all.</param>
/// <param name="Asked">When it came, a <see cref="TimeProvider.GetTimestamp"/>.</param>
internal sealed record MirrorRequest(HttpContext Http, Listener Listener, ContentRequest Content, ByteRange? Range, long Asked)
{
    public RequestKind Kind => Content switch
    {
        { Digest: null } => RequestKind.Tag,
        { Path.Kind: ContentKind.Manifest } => RequestKind.Manifest,
        _ => RequestKind.Blob,
    };

    public bool IsHead => HttpMethods.IsHead(Http.Request.Method);

    public HttpMethod Method => IsHead ? HttpMethod.Head : HttpMethod.Get;

    public HttpResponse Response => Http.Response;

    /// <summary>True once the client has gone; nothing written reaches anybody any more.</summary>
    public bool IsAbandoned => Http.RequestAborted.IsCancellationRequested;
}

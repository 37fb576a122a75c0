using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Registry;

/// <summary>One well-formed pull request on its way through the agent.</summary>
internal sealed record MirrorRequest(HttpContext Http, Listener Listener, ContentRequest Content, ByteRange? Range)
{
    public bool IsHead => HttpMethods.IsHead(Http.Request.Method);

    public HttpMethod Method => IsHead ? HttpMethod.Head : HttpMethod.Get;

    public HttpResponse Response => Http.Response;

    /// <summary>True once the client has gone; nothing written reaches anybody any more.</summary>
    public bool IsAbandoned => Http.RequestAborted.IsCancellationRequested;
}

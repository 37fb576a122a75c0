using System.Net;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Transfers;
using Peili.NodeAgent.Upstream;

namespace Peili.NodeAgent.Registry;

/// <summary>The pull API of the OCI distribution specification, for containerd on the registry listener and for agents on the peer listener.</summary>
internal sealed partial class RegistryEndpoint(
    RegistryPolicy policy,
    RegistryAccess access,
    TagResolver tags,
    LocalContent local,
    LocalSender sender,
    ColdStartRelay relay,
    RelayServer relayServer,
    Leases leases,
    TransferStatistics statistics,
    RequestCounters requests,
    ProbeLog probes,
    TimeProvider time,
    ILogger<RegistryEndpoint> logger)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext http, Listener listener)
    {
        http.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        var error = Read(http, listener, out var request);
        if (error is null && request is null)
        {
            await AnswerBaseAsync(http);
            return;
        }

        var outcome = RequestOutcome.Failure;
        try
        {
            (outcome, error) = error is null ? await AnswerAsync(request!) : new Answer(RequestOutcome.Refused, error);
            if (error is not null)
            {
                Log(listener, http.Request, error);
                await RegistryResponses.WriteErrorAsync(http, error);
            }
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            outcome = RequestOutcome.Abandoned;
            throw;
        }
        finally
        {
            requests.Count(listener, request?.Kind ?? RequestKind.Other, outcome);
        }
    }

    /// <summary>What a request is for; null for the API's base, which only says that it is one.</summary>
    private RegistryError? Read(HttpContext http, Listener listener, out MirrorRequest? request)
    {
        request = null;
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            return RegistryError.Unsupported(http.Request.Method);
        }

        var path = http.Request.Path.Value ?? string.Empty;
        if (listener == Listener.Registry)
        {
            var isAllowed = access.Allows(http.Request);
            probes.See(path, isAllowed);
            if (!isAllowed)
            {
                return RegistryError.NotFound("this mirror serves the node's own containerd alone (--registry-auth)");
            }
        }

        if (path is "/v2/" or "/v2")
        {
            return null;
        }

        if (!RegistryPath.TryParse(path, out var parsed, out var error))
        {
            return error;
        }

        var registry = (string?)http.Request.Query["ns"];
        if (!string.IsNullOrEmpty(registry) && !RegistryHost.IsValid(registry))
        {
            return RegistryError.NamespaceInvalid(registry);
        }

        var content = new ContentRequest(parsed, string.IsNullOrEmpty(registry) ? null : registry);
        request = new MirrorRequest(http, listener, content, ByteRange.Parse(http.Request.Headers.Range), time.GetTimestamp());
        return policy.Check(content);
    }

    private static async Task AnswerBaseAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = 2;
        await http.Response.Body.WriteAsync("{}"u8.ToArray(), http.RequestAborted);
    }

    private async Task<Answer> AnswerAsync(MirrorRequest request)
    {
        if (request.Content.Digest is null && Refuse(request) is { } refused)
        {
            return refused;
        }

        if (request is { Listener: Listener.Peer, IsHead: false, Content.Digest: { } digest })
        {
            leases.SeeAsked(digest);
            if (RelayQuestion.Read(request.Http.Request.Headers) is { } question)
            {
                return await relayServer.AnswerAsync(request, digest, question);
            }
        }

        using var found = await local.OpenAsync(request.Content, request.Http.RequestAborted);
        if (found is not null)
        {
            return Answer.Of(await sender.SendAsync(request, found));
        }

        if (request.Listener == Listener.Peer)
        {
            return Answer.Missing(request.Content.Path, "this node does not hold it");
        }

        var outcome = await relay.SendAsync(request);
        if (outcome != TransferOutcome.NotFound)
        {
            return Answer.Of(outcome);
        }

        statistics.CountMiss(request);
        return Answer.Missing(request.Content.Path, "no node of this cluster holds it");
    }

    /// <summary>Why a tag is not answered; null when it may be.</summary>
    private Answer? Refuse(MirrorRequest request) => request.Content.Registry switch
    {
        null => new Answer(RequestOutcome.Refused, RegistryError.NamespaceMissing()),
        { } registry when request.Listener == Listener.Registry && !tags.MayResolve(registry) => new Answer(
            RequestOutcome.LeftToUpstream,
            RegistryError.Unknown(request.Content.Path, $"tags are left to {registry} while it answers (--resolve-tags)")),
        _ => null,
    };

    /// <summary>"Not here" is everyday business; a request that no client should send is not.</summary>
    private void Log(Listener listener, HttpRequest request, RegistryError error)
    {
        if (error.Status == HttpStatusCode.NotFound)
        {
            LogMiss(listener, request.Method, request.Path.Value, error.Message);
        }
        else
        {
            LogRefused(listener, request.Method, RegistryError.Quote(request.Path.Value), (int)error.Status, error.Message);
        }
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Debug, Message = "{Listener} {Method} {Path} not found: {Reason}")]
    private partial void LogMiss(Listener listener, string method, string? path, string reason);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "{Listener} {Method} {Path} answered {Status}: {Reason}")]
    private partial void LogRefused(Listener listener, string method, string path, int status, string reason);
}

using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;
using Peili.AgentApi;
using Peili.AgentApi.Security;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Membership;

namespace Peili.NodeAgent.Control;

/// <summary>What the operator asks and orders, on the peer listener. Nobody else may: not other agents, and nobody at all with --insecure.</summary>
internal sealed partial class ControlEndpoint(NodeStatus status, ClusterOverlay overlay, TimeProvider time, ILogger<ControlEndpoint> logger, HostsKeeper? hosts = null)
{
    /// <summary>Whether the path is one of these methods.</summary>
    public static bool Has(PathString path) => path.Value is AgentMethods.Status or AgentMethods.Members or AgentMethods.SetNode or AgentMethods.Acquire or AgentMethods.Release;

    public async Task HandleAsync(HttpContext http)
    {
        if (http.Connection.ClientCertificate is not { } certificate || PeerIdentity.RoleOf(certificate) != PeerRole.Operator)
        {
            http.Response.StatusCode = (int)HttpStatusCode.Forbidden;
            return;
        }

        if (!ProtobufBody.IsPost(http, 0, AgentMethods.MaxRequest, out var length))
        {
            return;
        }

        if (await ProtobufBody.ReadAsync(http, length, time) is not { } body)
        {
            http.Abort();
            return;
        }

        try
        {
            await ProtobufBody.WriteAsync(http, Answer(http.Request.Path.Value!, body).ToByteArray());
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException)
        {
            http.Response.StatusCode = (int)HttpStatusCode.BadRequest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogFailed(http.Request.Path.Value!, exception.Message);
            http.Response.StatusCode = (int)HttpStatusCode.InternalServerError;
        }
    }

    private IMessage Answer(string method, byte[] body) => method switch
    {
        AgentMethods.Status => status.Read(),
        AgentMethods.Members => Members(MembersRequest.Parser.ParseFrom(body)),
        AgentMethods.SetNode => SetNode(SetNodeRequest.Parser.ParseFrom(body)),
        AgentMethods.Acquire => Acquire(),
        _ => Release(),
    };

    private MembersReply Members(MembersRequest request)
    {
        var reply = new MembersReply();
        reply.Members.AddRange((overlay.Node?.GetMembers() ?? []).OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => new Member
        {
            Name = member.Name,
            Epoch = member.Epoch,
            StatusVersion = member.Incarnation,
            State = member.State.ToString(),
            Address = member.Address.ToString(),
        }));
        reply.Hash = BitConverter.ToUInt64(SHA256.HashData(reply.ToByteArray()));
        if (reply.Hash == request.Known)
        {
            reply.Members.Clear();
        }

        return reply;
    }

    private SetNodeReply SetNode(SetNodeRequest request)
    {
        if (request.Zone.Any(character => character is <= ' ' or > '~'))
        {
            throw new ArgumentException($"\"{request.Zone}\" is no zone", nameof(request));
        }

        overlay.MoveTo(request.Zone);
        return new SetNodeReply();
    }

    private AcquireReply Acquire()
    {
        hosts?.Acquire();
        return new AcquireReply();
    }

    private ReleaseReply Release()
    {
        var reply = new ReleaseReply();
        reply.Left.AddRange(hosts?.Release() ?? []);
        return reply;
    }

    [LoggerMessage(EventId = 140, Level = LogLevel.Error, Message = "{Method} failed: {Reason}")]
    private partial void LogFailed(string method, string reason);
}

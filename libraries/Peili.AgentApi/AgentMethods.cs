namespace Peili.AgentApi;

/// <summary>Where the peer endpoint has what the operator calls, and the bounds of a call.</summary>
public static class AgentMethods
{
    /// <summary>Of <see cref="StatusRequest"/>.</summary>
    public const string Status = "/peili/v1/Status";

    /// <summary>Of <see cref="MembersRequest"/>.</summary>
    public const string Members = "/peili/v1/Members";

    /// <summary>Of <see cref="SetNodeRequest"/>.</summary>
    public const string SetNode = "/peili/v1/SetNode";

    /// <summary>Of <see cref="AcquireRequest"/>.</summary>
    public const string Acquire = "/peili/v1/Acquire";

    /// <summary>Of <see cref="ReleaseRequest"/>.</summary>
    public const string Release = "/peili/v1/Release";

    /// <summary>The content type of requests and replies.</summary>
    public const string ContentType = "application/x-protobuf";

    /// <summary>Of a request, in bytes.</summary>
    public const int MaxRequest = 4 * 1024;

    /// <summary>Of a reply, in bytes: a table of 60,000 members.</summary>
    public const int MaxReply = 16 * 1024 * 1024;
}

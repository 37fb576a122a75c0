using Microsoft.Extensions.Logging;
using Peili.Containerd;

namespace Peili.Page.Tests.Support;

/// <summary>Messages such as an agent logs.</summary>
internal static partial class ProblemMessages
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Peer} sent wrong bytes of {Digest}: it is avoided")]
    public static partial void SentWrong(ILogger logger, string peer, Digest digest);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "{Registry} does not answer: connection refused")]
    public static partial void Unreachable(ILogger logger, string registry);
}

using Peili.Containerd;
using Peili.Grpc;

namespace Peili.NodeAgent.Transfers;

/// <summary>What is done about bytes that do not have their digest.</summary>
internal sealed partial class WrongContent(ContainerdClient containerd, PeerServices peers, ILogger<WrongContent> logger)
{
    /// <summary>Counts it, and has whoever sent the bytes avoided for this blob.</summary>
    public void Report(PeerBody source, Digest digest)
    {
        peers.Statistics.CountWrongDigest();
        foreach (var peer in source.Contributors)
        {
            peers.Health.ReportWrongBlob(peer, digest);
        }
    }

    /// <summary>
    /// Has containerd drop the half-written layer that wrong bytes went into, before the connection closes short of the withheld ones. It would keep
    /// them, fetch the end from upstream, fail at the commit, and fail again at later pulls that resume there. Bounded by the client's call timeout.
    /// </summary>
    public async ValueTask TakeBackAsync(Digest digest)
    {
        try
        {
            var found = await containerd.AbortIngestAsync($"layer-{digest}");
            LogAborted(digest, found);
        }
        catch (RpcException exception)
        {
            LogFailed(digest, exception.Message);
        }
    }

    [LoggerMessage(EventId = 420, Level = LogLevel.Warning, Message = "Had containerd drop what it wrote of {Digest} (found: {Found}); the next pull starts it anew")]
    private partial void LogAborted(Digest digest, bool found);

    [LoggerMessage(EventId = 421, Level = LogLevel.Error, Message = "containerd did not drop the wrong bytes of {Digest}: {Reason}. If pulls of it keep failing, run: ctr -n k8s.io content prune references")]
    private partial void LogFailed(Digest digest, string reason);
}

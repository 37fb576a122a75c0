using System.Runtime.CompilerServices;
using Peili.NodeAgent.Peers;

namespace Peili.NodeAgent.Transfers;

/// <summary>An open body from a peer.</summary>
/// <param name="answer">The peer's answer, owned from here on.</param>
internal sealed class BodyStream(PeerAnswer answer) : IDisposable
{
    private Stream? _stream;
    private Func<ValueTask<bool>>? _isThere;

    public PeerAnswer Answer => answer;

    /// <summary>Why the last read gave nothing; null when it gave something.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether the peer fell silent and, asked, was not there any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Reads the next bytes. Zero when the peer ended, failed or stalled; <see cref="Failure"/> says which.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, StallWatch watch, IPeerLocator locator)
    {
        var stalled = watch.Begin(TransferLimits.PeerStall, _isThere ??= AskingOf(locator));
        try
        {
            _stream ??= await answer.OpenBodyAsync(stalled);
            var read = await _stream.ReadAsync(buffer, stalled);
            Failure = read == 0 ? "the connection ended early" : null;
            return read;
        }
        catch (OperationCanceledException)
        {
            IsGone = watch.WasForNobody;
            Failure = IsGone ? "it fell silent and cannot be reached" : $"no byte for {TransferLimits.PeerStall.TotalSeconds:0} s";
            return 0;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            Failure = exception.InnerException?.Message ?? exception.Message;
            return 0;
        }
        finally
        {
            watch.End();
        }
    }

    public void Dispose() => answer.Dispose();

    private Func<ValueTask<bool>> AskingOf(IPeerLocator locator) => () => locator.IsThereAsync(answer.Peer);
}

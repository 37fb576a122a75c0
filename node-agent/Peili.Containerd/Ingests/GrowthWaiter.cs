using System.Threading.Tasks.Sources;

namespace Peili.Containerd.Ingests;

/// <summary>One wait for a blob to grow; used again for the next, since a reader waits after every chunk.</summary>
internal sealed class GrowthWaiter(GrowingBlob blob) : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;

    /// <summary>How many bytes there have to be more than.</summary>
    public long Mark { get; set; }

    public ValueTask<bool> Start(CancellationToken cancellationToken)
    {
        var wait = new ValueTask<bool>(this, _core.Version);
        _registration = cancellationToken.UnsafeRegister(static (waiter, token) => ((GrowthWaiter)waiter!).Cancel(token), this);
        return wait;
    }

    public void Complete(bool more) => _core.SetResult(more);

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // When this returns, no cancellation of this wait can come any more and strike the next.
            _registration.Dispose();
            _core.Reset();
            blob.TakeBack(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken)
    {
        if (blob.TryRemove(this))
        {
            _core.SetException(new OperationCanceledException(cancellationToken));
        }
    }
}

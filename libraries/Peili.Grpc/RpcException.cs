namespace Peili.Grpc;

/// <summary>A call that did not end with <see cref="StatusCode.OK"/>.</summary>
/// <remarks>
/// The exception to this: when the token in <see cref="CallOptions.CancellationToken"/> fires, the call throws
/// <see cref="OperationCanceledException"/>, as every other .NET method does. A <see cref="StatusCode.Cancelled"/> in here came
/// from the server, or from disposing the call or the channel while it was open.
/// </remarks>
public sealed class RpcException : Exception
{
    /// <summary>Makes the exception for a call that ended with <paramref name="status"/>.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="trailers">The metadata the server sent at the end.</param>
    /// <param name="innerException">The transport's error, where there was one.</param>
    public RpcException(Status status, Metadata? trailers = null, Exception? innerException = null)
        : base(status.ToString(), innerException)
    {
        Status = status;
        Trailers = trailers ?? new Metadata();
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code in <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The metadata the server sent with the status; empty where it sent none.</summary>
    public Metadata Trailers { get; }
}

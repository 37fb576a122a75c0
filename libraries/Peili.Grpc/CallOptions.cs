namespace Peili.Grpc;

/// <summary>What one call may differ in.</summary>
/// <param name="Headers">Metadata to send.</param>
/// <param name="Timeout">
/// The time the whole call may take, a stream to its end included. It is told to the server (<c>grpc-timeout</c>) and kept here as
/// well: after it the call ends with <see cref="StatusCode.DeadlineExceeded"/>. Zero or less ends the call unsent. Null: no bound.
/// </param>
/// <param name="CancellationToken">Ends the call with an <see cref="OperationCanceledException"/> that carries this token.</param>
public readonly record struct CallOptions(
    Metadata? Headers = null,
    TimeSpan? Timeout = null,
    CancellationToken CancellationToken = default);

namespace Peili.Grpc;

/// <summary>How a channel connects and what it accepts.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>The largest response message accepted, in bytes; a larger one ends its call with ResourceExhausted.</summary>
    public int MaxReceiveMessageSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// The largest set of response headers with trailers, in KiB. A larger one ends its call, and the connection, with ResourceExhausted, or
    /// Internal where a single field of it is already larger.
    /// </summary>
    public int MaxResponseHeadersKilobytes { get; init; } = 64;

    /// <summary>The time a connection may take to come up; after it the waiting calls end with Unavailable.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Silence after which a ping is sent while calls are open. Off by default: a server made with grpc-go, and so containerd, closes
    /// the connection of a client that pings an idle stream more often than every 5 minutes (grpc-go keepalive.EnforcementPolicy).
    /// </summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The time a ping's answer may take before the connection counts as dead.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of the deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

using System.Net;

namespace Peili.Kubernetes.Rest;

/// <summary>Bounds of a client's calls.</summary>
public sealed record KubernetesClientOptions
{
    /// <summary>How long a call may take until its answer is there, whole. Watches have bounds of their own.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may take to come up.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an HTTP/2 connection with calls or watches on it may be silent until it counts as dead; after two thirds of that it is pinged. At least 3 s.</summary>
    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>The longest answer that is accepted, in bytes; of a list, the longest page.</summary>
    public int MaxAnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The longest event of a watch that is accepted, in bytes. etcd keeps objects of 1.5 MiB, in a denser form.</summary>
    public int MaxEventBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many objects of a list are asked for at a time.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>How the client names itself.</summary>
    public string UserAgent { get; init; } = "peili";

    /// <summary>Told of each request's method and its answer's status code; of null where none came. Must not throw.</summary>
    public Action<HttpMethod, HttpStatusCode?>? Answered { get; init; }

    /// <summary>The clock of the bounds.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

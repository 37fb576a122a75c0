using System.Net;
using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Rest;

/// <summary>The API server refused a call, or did not answer it in time, in full, or in a form that can be read.</summary>
public sealed class KubernetesException : Exception
{
    /// <summary>Makes one for a refusal.</summary>
    /// <param name="status">What the server said.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="retryAfter">How long the server asks to be left alone.</param>
    public KubernetesException(Status status, HttpStatusCode statusCode, TimeSpan? retryAfter = null)
        : base(status?.Message ?? status?.Reason ?? $"the API server answered {(int)statusCode}") =>
        (Status, StatusCode, RetryAfter) = (status, statusCode, retryAfter);

    /// <summary>Makes one for a call without an answer.</summary>
    public KubernetesException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>What the server said; null where it did not answer.</summary>
    public Status? Status { get; }

    /// <summary>The HTTP status; null where the server did not answer.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>How long the server asks to be left alone, where it does.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>There is no such object, or no such kind.</summary>
    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    /// <summary>The object to be created is there already.</summary>
    public bool IsAlreadyExists => StatusCode == HttpStatusCode.Conflict && Status?.Reason == "AlreadyExists";

    /// <summary>The object is another version than the caller meant, or another manager owns a field of it.</summary>
    public bool IsConflict => StatusCode == HttpStatusCode.Conflict && !IsAlreadyExists;

    /// <summary>The version to go on from is too old: it takes a new list.</summary>
    public bool IsExpired => StatusCode == HttpStatusCode.Gone || Status?.Reason is "Expired" or "Gone";
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Watching;

namespace Peili.Kubernetes.Rest;

public sealed partial class KubernetesClient
{
    /// <summary>
    /// Tells what happens to objects, until the server ends the watch or the connection is closed; the caller goes on from the last event's
    /// version. Of the server's errors, those that it sends as an event come as one.
    /// </summary>
    /// <exception cref="KubernetesException">
    /// The server refused (<see cref="KubernetesException.IsExpired"/>: the version is too old), the connection broke or is dead, or an event cannot be read.
    /// </exception>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceKind<T> kind, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        ArgumentNullException.ThrowIfNull(options);
        var request = new ApiRequest(HttpMethod.Get, Checked(kind).PathOf(options.Objects.Namespace))
            .With("labelSelector", options.Objects.LabelSelector)
            .With("fieldSelector", options.Objects.FieldSelector)
            .With("watch", "true")
            .With("allowWatchBookmarks", "true")
            .With("resourceVersion", options.ResourceVersion)
            .With("timeoutSeconds", ((int)options.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture));

        using var limit = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var answer = await GuardAsync(_connection.SendAsync(request, either.Token), request, cancellationToken);
        limit.CancelAfter(options.Timeout + options.Grace);
        await using var stream = await answer.Content.ReadAsStreamAsync(either.Token);
        await using var lines = new LineReader(stream, _options.MaxEventBytes);
        while (await GuardAsync(lines.ReadAsync(either.Token).AsTask(), request, cancellationToken) is { } line)
        {
            yield return Parse(line.Span, kind, request);
        }
    }

    private static async Task<T> GuardAsync<T>(Task<T> step, ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await step;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KubernetesException($"the watch of {request.Path} is dead: the server should have ended it", exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            throw new KubernetesException($"the watch of {request.Path} broke: {exception.Message}", exception);
        }
    }

    private static WatchEvent<T> Parse<T>(ReadOnlySpan<byte> line, ResourceKind<T> kind, ApiRequest request)
        where T : KubernetesObject
    {
        try
        {
            return WatchEventParser.Parse(line, kind);
        }
        catch (JsonException exception)
        {
            throw Unreadable(request, exception);
        }
    }
}

using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Peili.Containerd.Api;
using Peili.Grpc;

namespace Peili.Containerd;

/// <summary>A subscription to containerd's events that stands. Dispose ends it.</summary>
public sealed class EventSubscription : IDisposable
{
    private const string MarkerTopic = "/peili/subscribed";

    private static readonly TimeSpan s_markerInterval = TimeSpan.FromMilliseconds(50);

    private readonly AsyncServerStreamingCall<Envelope> _call;

    private EventSubscription(AsyncServerStreamingCall<Envelope> call) => _call = call;

    /// <summary>Lets the marker through beside what the subscriber asked for.</summary>
    internal static string MarkerFilter => $"topic==\"{MarkerTopic}\"";

    internal static PublishRequest Marker => new() { Topic = MarkerTopic, Event = Any.Pack(new Empty(), "") };

    /// <summary>
    /// Waits until containerd delivers. It sends nothing at all, not even headers, before the first event, so an event of our own is
    /// published until one comes through.
    /// </summary>
    internal static async Task<EventSubscription> EstablishAsync(
        AsyncServerStreamingCall<Envelope> call,
        Func<CancellationToken, Task> publishMarker,
        TimeSpan timeout,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        try
        {
            var established = call.ResponseHeadersAsync;
            var start = timeProvider.GetTimestamp();
            while (!established.IsCompleted && timeProvider.GetElapsedTime(start) < timeout)
            {
                await publishMarker(cancellationToken);
                await Task.WhenAny(established, Task.Delay(s_markerInterval, timeProvider, cancellationToken));
            }

            if (!established.IsCompleted)
            {
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, "containerd accepted the subscription but delivers no event."));
            }

            await established;
            return new EventSubscription(call);
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>Every event in order, until the subscription ends. To be read once.</summary>
    /// <exception cref="RpcException">containerd went away.</exception>
    public async IAsyncEnumerable<ContainerdEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var envelope in _call.ReadAllAsync(cancellationToken))
        {
            if (envelope.Topic != MarkerTopic)
            {
                yield return Read(envelope);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();

    private static ContainerdEvent Read(Envelope envelope)
    {
        string? imageName = null;
        Digest? content = null;
        try
        {
            if (envelope.Topic.StartsWith("/images/", StringComparison.Ordinal))
            {
                imageName = ImageEvent.Parser.ParseFrom(envelope.Event?.Value ?? ByteString.Empty).Name;
            }
            else if (envelope.Topic.StartsWith("/content/", StringComparison.Ordinal))
            {
                var payload = ContentEvent.Parser.ParseFrom(envelope.Event?.Value ?? ByteString.Empty);
                content = Digest.TryParse(payload.Digest, out var digest) ? digest : null;
            }
        }
        catch (InvalidProtocolBufferException invalid)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The payload of {envelope.Topic} cannot be read."), null, invalid);
        }

        return new ContainerdEvent(
            envelope.Topic,
            envelope.Namespace,
            envelope.Timestamp?.ToDateTimeOffset() ?? default,
            imageName,
            content);
    }
}

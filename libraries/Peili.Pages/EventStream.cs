using System.Buffers;
using System.Text;

namespace Peili.Pages;

/// <summary>
/// Tells open pages what has changed, by server-sent events (HTML Living Standard, section 9.2): each part at most once a second, and only when it is
/// another than before. Nothing is queued: a page that reads slowly misses states, never the newest.
/// </summary>
/// <param name="read">What is shown at this moment: always the same parts, in the same order.</param>
/// <param name="lifetime">A program that stops does not wait for its pages.</param>
/// <param name="time">The clock.</param>
public sealed class EventStream(Func<IReadOnlyList<PagePart>> read, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>How many pages may listen at once.</summary>
    public const int MostListeners = 16;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Pages that listen share what was read so recently.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(900);

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>A page that takes nothing for so long is given up.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private PagePart[] _parts = [];
    private long _readAt;
    private int _listeners;

    /// <summary>Answers one page until it goes.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        try
        {
            if (Interlocked.Increment(ref _listeners) > MostListeners)
            {
                await RefuseAsync(http);
                return;
            }

            http.Response.ContentType = "text/event-stream";
            if (!HttpMethods.IsHead(http.Request.Method))
            {
                await TellAsync(http);
            }
        }
        finally
        {
            Leave();
        }
    }

    private static async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "10";
        http.Response.ContentType = "text/plain";
        await http.Response.WriteAsync($"{MostListeners} pages are open already: close one\n", http.RequestAborted);
    }

    private async Task TellAsync(HttpContext http)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Period, time);
        var told = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        long? beaten = null;
        try
        {
            do
            {
                var events = new ArrayBufferWriter<byte>();
                if (beaten is not { } last || time.GetElapsedTime(last) >= Heartbeat)
                {
                    beaten = time.GetTimestamp();
                    Append(events, "beat", Encoding.UTF8.GetBytes($"{time.GetUtcNow().ToUnixTimeMilliseconds()}"));
                }

                foreach (var part in Read().Where(part => !ReferenceEquals(told.GetValueOrDefault(part.Name), part.Json)))
                {
                    told[part.Name] = part.Json;
                    Append(events, part.Name, part.Json);
                }

                if (events.WrittenCount > 0)
                {
                    await WriteAsync(http, events.WrittenMemory, ending.Token);
                }
            }
            while (await timer.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The answer ends in order, and the page sees that it is stale.
            return;
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }

    private async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> events, CancellationToken ending)
    {
        using var bound = new CancellationTokenSource(WriteTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, ending);
        await http.Response.Body.WriteAsync(events, either.Token);
        await http.Response.Body.FlushAsync(either.Token);
    }

    private static void Append(ArrayBufferWriter<byte> events, string name, ReadOnlySpan<byte> data)
    {
        events.Write("event: "u8);
        events.Write(Encoding.UTF8.GetBytes(name));
        events.Write("\ndata: "u8);
        events.Write(data);
        events.Write("\n\n"u8);
    }

    /// <summary>What is shown now. A part that is as it was keeps its bytes, by which listeners tell.</summary>
    private PagePart[] Read()
    {
        lock (_lock)
        {
            if (_parts.Length == 0 || time.GetElapsedTime(_readAt) >= Freshness)
            {
                var before = _parts;
                _parts = [.. read().Select((part, place) => before.Length > 0 && part.Json.AsSpan().SequenceEqual(before[place].Json) ? before[place] : part)];
                _readAt = time.GetTimestamp();
            }

            return _parts;
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _listeners) == 0)
        {
            lock (_lock)
            {
                _parts = [];
            }
        }
    }
}

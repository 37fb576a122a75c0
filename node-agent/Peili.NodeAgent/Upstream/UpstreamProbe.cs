using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Peili.NodeAgent.Upstream;

/// <summary>
/// Knows which upstream registries answer, from a background request to <c>/v2/</c> of each one somebody asked for lately.
/// Any HTTP answer counts, also 401 and 500: what matters is whether containerd would get one.
/// </summary>
internal sealed partial class UpstreamProbe(UpstreamClient http, TimeProvider time, ILogger<UpstreamProbe> logger)
{
    private const int MaxRegistries = 256;
    private const int FailuresUntilDown = 2;
    private static readonly TimeSpan AnswerCounts = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DownPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interest = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, UpstreamState> _registries = new(StringComparer.OrdinalIgnoreCase);

    // A registry is new, or a probe has ended: what is due next is another one.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>True when <paramref name="registry"/> answered within the last 30 s and not failed twice since. Never waits; the first question starts the probing.</summary>
    public bool IsUp(string registry)
    {
        var now = time.GetUtcNow();
        if (!_registries.TryGetValue(registry, out var state))
        {
            if (_registries.Count >= MaxRegistries)
            {
                return false;
            }

            state = _registries.GetOrAdd(registry, new UpstreamState { AskedAt = now });
            _changes.Writer.TryWrite(true);
        }

        state.AskedAt = now;
        return state.Failures < FailuresUntilDown && state.AnsweredAt is { } answered && now - answered <= AnswerCounts;
    }

    /// <summary>Probes until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var pause = ProbeDue(now, cancellationToken) is { } next ? next - now : System.Threading.Timeout.InfiniteTimeSpan;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var change = _changes.Reader.WaitToReadAsync(waiting.Token).AsTask();
            await Task.WhenAny(change, Task.Delay(pause, time, waiting.Token));
            await waiting.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            _changes.Reader.TryRead(out _);
        }
    }

    /// <summary>Begins what is due, and says when something is due next; null when nothing is.</summary>
    private DateTimeOffset? ProbeDue(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (var (registry, state) in _registries)
        {
            if (now - state.AskedAt > Interest)
            {
                _registries.TryRemove(registry, out _);
                continue;
            }

            if (now >= state.Due)
            {
                state.Begin(now + Timeout);
                _ = ProbeAsync(registry, state, cancellationToken);
            }

            next = next is { } earlier && earlier < state.Due ? earlier : state.Due;
        }

        return next;
    }

    private async Task ProbeAsync(string registry, UpstreamState state, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, bound.Token);
        var host = registry is "docker.io" ? "registry-1.docker.io" : registry;
        var answered = await AnswersAsync($"https://{host}/v2/", either.Token) || await AnswersAsync($"http://{host}/v2/", either.Token);
        var now = time.GetUtcNow();
        if (answered)
        {
            state.Answered(now, now + Period);
            _changes.Writer.TryWrite(true);
            return;
        }

        var retry = state.Failures + 1 < FailuresUntilDown ? RetryPeriod : DownPeriod;
        if (state.Failed(now + retry) == FailuresUntilDown)
        {
            LogDown(registry);
        }

        _changes.Writer.TryWrite(true);
    }

    private async Task<bool> AnswersAsync(string address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address));
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or OperationCanceledException or IOException)
        {
            LogNoAnswer(address, exception.InnerException?.Message ?? exception.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 500, Level = LogLevel.Warning, Message = "Upstream registry {Registry} does not answer: its tags are resolved within the cluster until it does")]
    private partial void LogDown(string registry);

    [LoggerMessage(EventId = 501, Level = LogLevel.Debug, Message = "No answer from {Address}: {Reason}")]
    private partial void LogNoAnswer(string address, string reason);
}

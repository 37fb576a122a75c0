using System.Collections.Concurrent;
using System.Net;

namespace Peili.LocalCluster.Agents;

/// <summary>Does to an agent what kubelet's liveness probe does: asks /livez, and ends and restarts an agent that fails too often.</summary>
public sealed class LivenessProbe : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<DateTimeOffset> _kills = new();
    private readonly AgentProcess _agent;
    private readonly LivenessProbeOptions _options;
    private readonly HttpClient _client;
    private readonly Task _loop;

    /// <summary>Starts probing a node's agent, which must be running.</summary>
    public LivenessProbe(ClusterNode node, LivenessProbeOptions? options = null)
    {
        _agent = node.Agent;
        _options = options ?? new LivenessProbeOptions();
        _client = node.Machine.CreateHttpClient();
        _client.Timeout = _options.Timeout;
        _loop = ProbeAsync(_stopping.Token);
    }

    /// <summary>When it ended the agent.</summary>
    public IReadOnlyList<DateTimeOffset> Kills => [.. _kills];

    /// <summary>Stops probing, and throws what went wrong meanwhile, such as a restart that failed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stopping.Dispose();
        if (_loop.IsFaulted)
        {
            await _loop;
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.Period);
        var failures = 0;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            failures = await IsAliveAsync(cancellationToken) ? 0 : failures + 1;
            if (failures >= _options.FailureThreshold)
            {
                failures = 0;
                await _agent.Process.EndAsync(_options.GracePeriod, cancellationToken);
                _kills.Enqueue(DateTimeOffset.UtcNow);
                await _agent.StartAsync(cancellationToken: cancellationToken);
            }
        }
    }

    private async Task<bool> IsAliveAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri($"http://{AgentProcess.OperationsEndpoint}/livez"), cancellationToken);
            return answer.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.BadRequest;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}

using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Kubernetes.LeaderElection;

/// <summary>
/// Lets one of several processes lead, by a Lease. Whether another's Lease has run out is told by how long it has not changed by the
/// clock of this process, never by the times in it. Two leaders at once are unlikely, not impossible: a process that stood still may
/// find out late. So what leads must bear another leader for a moment.
/// </summary>
public sealed class LeaderElector
{
    private readonly KubernetesClient _client;
    private readonly LeaderElectionOptions _options;
    private readonly TimeProvider _time;
    private Lease? _observed;
    private long _observedAt;

    /// <summary>Makes an elector that does nothing yet.</summary>
    /// <exception cref="ArgumentException">The times do not fit each other.</exception>
    public LeaderElector(KubernetesClient client, LeaderElectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        if (options.RetryPeriod <= TimeSpan.Zero || options.RenewDeadline <= options.RetryPeriod * 1.2 || options.LeaseDuration <= options.RenewDeadline)
        {
            throw new ArgumentException("must be: LeaseDuration > RenewDeadline > 1.2 x RetryPeriod > 0", nameof(options));
        }

        (_client, _options, _time) = (client, options, client.Time);
    }

    /// <summary>Who leads, as far as this process knows; null before it has looked, or for nobody.</summary>
    public string? Leader => _observed?.Spec.HolderIdentity is { Length: > 0 } holder ? holder : null;

    /// <summary>
    /// Waits until this process leads, and runs <paramref name="lead"/> then. Its token fires when the leadership is lost or
    /// <paramref name="cancellationToken"/> does; once it has ended, the Lease is given up for another to take at once.
    /// </summary>
    /// <returns>True when <paramref name="lead"/> ended by itself or by the token; false when the leadership was lost, whereupon the process should end.</returns>
    public async Task<bool> RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lead);
        while (!await TryAcquireAsync(cancellationToken))
        {
            await Task.Delay(_options.RetryPeriod * (1 + (0.2 * Random.Shared.NextDouble())), _time, cancellationToken);
        }

        using var leading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = lead(leading.Token);
        var kept = await KeepAsync(work, cancellationToken);
        await leading.CancelAsync();
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested)
        {
            // It was told to end.
        }
        finally
        {
            if (kept)
            {
                await ReleaseAsync();
            }
        }

        return kept;
    }

    /// <summary>Renews until the work has ended, the token fires (true), or no renewal came about in time (false).</summary>
    private async Task<bool> KeepAsync(Task work, CancellationToken cancellationToken)
    {
        var renewedAt = _time.GetTimestamp();
        while (true)
        {
            var rest = Math.Clamp((_options.RenewDeadline - _time.GetElapsedTime(renewedAt)).Ticks, 0, _options.RetryPeriod.Ticks);
            var pause = Task.Delay(TimeSpan.FromTicks(rest), _time, cancellationToken);
            await Task.WhenAny(work, pause);
            if (work.IsCompleted || cancellationToken.IsCancellationRequested)
            {
                return true;
            }

            var attemptAt = _time.GetTimestamp();
            var left = _options.RenewDeadline - _time.GetElapsedTime(renewedAt);
            if (left > TimeSpan.Zero && await TryRenewAsync(left, cancellationToken))
            {
                renewedAt = attemptAt;
            }
            else if (Leader != _options.Identity || _time.GetElapsedTime(renewedAt) >= _options.RenewDeadline)
            {
                return cancellationToken.IsCancellationRequested;
            }
        }
    }

    private async Task<bool> TryRenewAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(within, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await TryAcquireAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Takes or renews the Lease; false where another has it, or where the attempt failed.</summary>
    private async Task<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A call must leave time for another before the deadline.
            using var limit = new CancellationTokenSource(TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, _options.RenewDeadline.Ticks / 2)), _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var lease = await _client.GetAsync(Lease.ResourceKind, _options.Lease, either.Token);
            Observe(lease);
            if (lease is null)
            {
                Observe(await _client.CreateAsync(Lease.ResourceKind, Mine(null), either.Token));
                return true;
            }

            if (Leader is not null && Leader != _options.Identity && !HasRunOut(lease))
            {
                return false;
            }

            Observe(await _client.ReplaceAsync(Lease.ResourceKind, Mine(lease), either.Token));
            return true;
        }
        catch (KubernetesException exception) when (exception.IsConflict || exception.IsAlreadyExists)
        {
            // Another was quicker; the next look says who.
            return false;
        }
        catch (Exception exception) when (exception is KubernetesException or KubeConfigException)
        {
            _options.Failed?.Invoke(exception);
            return false;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            _options.Failed?.Invoke(exception);
            return false;
        }
    }

    /// <summary>Says that nobody has it, so that the next leader need not wait. Where that fails, it only has to wait.</summary>
    private async Task ReleaseAsync()
    {
        if (_observed is not { } lease || Leader != _options.Identity)
        {
            return;
        }

        using var limit = new CancellationTokenSource(_options.RetryPeriod, _time);
        try
        {
            var released = lease with { Spec = lease.Spec with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = _time.GetUtcNow() } };
            Observe(await _client.ReplaceAsync(Lease.ResourceKind, released, limit.Token));
        }
        catch (Exception exception) when (exception is KubernetesException or KubeConfigException or OperationCanceledException)
        {
            _options.Failed?.Invoke(exception);
        }
    }

    private Lease Mine(Lease? before)
    {
        var now = _time.GetUtcNow();
        var renews = before?.Spec.HolderIdentity == _options.Identity;
        var spec = (before?.Spec ?? new LeaseSpec()) with
        {
            HolderIdentity = _options.Identity,
            LeaseDurationSeconds = (int)Math.Ceiling(_options.LeaseDuration.TotalSeconds),
            AcquireTime = renews ? before!.Spec.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = (before?.Spec.LeaseTransitions ?? 0) + (before is null || renews ? 0 : 1),
        };
        return before is null
            ? new Lease { Metadata = new ObjectMeta { Namespace = _options.Lease.Namespace, Name = _options.Lease.Name }, Spec = spec }
            : before with { Spec = spec };
    }

    private void Observe(Lease? lease)
    {
        if (lease is null || _observed?.Metadata.ResourceVersion != lease.Metadata.ResourceVersion)
        {
            _observedAt = _time.GetTimestamp();
        }

        _observed = lease;
    }

    // By what its holder promised, or by our own measure where that is longer.
    private bool HasRunOut(Lease lease)
    {
        var promised = TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? 0);
        return _time.GetElapsedTime(_observedAt) >= (promised > _options.LeaseDuration ? promised : _options.LeaseDuration);
    }
}

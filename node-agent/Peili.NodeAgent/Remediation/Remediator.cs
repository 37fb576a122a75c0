using System.Runtime.InteropServices;
using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.DBus;
using Peili.Flavors;
using Peili.Terminal;

namespace Peili.NodeAgent.Remediation;

/// <summary>Carries a plan out: writes, restarts, checks, and takes it back when that did not do. Says each step in a line.</summary>
/// <param name="host">The host.</param>
/// <param name="flavor">What kind of node it is.</param>
/// <param name="planner">Reads the configuration again afterwards.</param>
/// <param name="socketPath">The host's path of containerd's socket.</param>
/// <param name="statePath">Where backups go.</param>
/// <param name="progress">Takes the lines, and what is waited for.</param>
internal sealed class Remediator(HostRoot host, Flavor flavor, Planner planner, string socketPath, string statePath, Progress progress)
{
    // A distribution's unit, such as k3s', starts much more than containerd.
    private static readonly TimeSpan RestartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan HealthPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PlatformPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>Does it. Once the first file is written it goes on to an end, success or the old state, whatever signals come; every wait has a bound.</summary>
    /// <returns>Whether the plan is carried out; false when all is as it was.</returns>
    /// <exception cref="IOException">Nothing was changed: a file cannot be written, or systemd not be reached.</exception>
    public async Task<bool> RunAsync(Plan plan, CancellationToken cancellationToken)
    {
        await using var systemd = flavor.Remediation.Units.Count > 0 ? await SystemdUnits.ConnectAsync(host, cancellationToken) : null;
        var unit = systemd is null ? null : await FindUnitAsync(systemd, cancellationToken);
        var wasWell = await DaemonHealth.WaitAsync(host.At(socketPath), TimeSpan.Zero, cancellationToken) is null;
        var started = Started();
        cancellationToken.ThrowIfCancellationRequested();

        using var terminate = Ignore(PosixSignal.SIGTERM);
        using var interrupt = Ignore(PosixSignal.SIGINT);
        var files = new FileChanges(host, statePath, plan.Edits);
        var backup = files.Apply(DateTimeOffset.UtcNow);
        foreach (var edit in plan.Edits)
        {
            progress.WriteLine(edit.Before is null ? $"made {edit.Path}" : $"edited {edit.Path}; what it was is in {backup}{edit.Path}");
        }

        if (await TryAsync(systemd, unit, started) is not { } problem)
        {
            return true;
        }

        progress.WriteLine($"that did not do: {problem}");
        started = Started();
        files.Undo();
        progress.WriteLine($"put back {string.Join(", ", plan.Edits.Select(edit => edit.Path))}");
        await RestoreServiceAsync(systemd, unit, started, wasWell);
        return false;
    }

    /// <summary>Restarts containerd, for files that are right already.</summary>
    /// <returns>Whether it is up afterwards.</returns>
    /// <exception cref="IOException">systemd cannot be reached.</exception>
    public async Task<bool> RestartAsync(CancellationToken cancellationToken)
    {
        await using var systemd = await SystemdUnits.ConnectAsync(host, cancellationToken);
        if (await TryAsync(systemd, await FindUnitAsync(systemd, cancellationToken), Started()) is not { } problem)
        {
            return true;
        }

        progress.WriteLine($"that did not do: {problem}");
        return false;
    }

    private async Task<string> FindUnitAsync(SystemdUnits systemd, CancellationToken cancellationToken) =>
        await systemd.FindAsync(flavor.Remediation.Units, cancellationToken)
        ?? throw new IOException($"this host's systemd has no unit {string.Join(" or ", flavor.Remediation.Units)}: nothing was changed");

    /// <summary>Restarts and checks; says what went wrong, null when nothing did.</summary>
    private async Task<string?> TryAsync(SystemdUnits? systemd, string? unit, DateTime started)
    {
        try
        {
            return await RestartAndWaitAsync(systemd, unit, started) ?? Unfulfilled();
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or DBusException or InvalidDataException)
        {
            return exception.Message;
        }
    }

    private async Task<string?> RestartAndWaitAsync(SystemdUnits? systemd, string? unit, DateTime started)
    {
        if (systemd is null || unit is null)
        {
            progress.WriteLine($"{flavor.Title} restarts containerd by itself");
            progress.Say($"waiting for {flavor.Title} to restart containerd, for {PlatformPatience.TotalSeconds:0} s at most");
            if (!await WaitForRestartAsync(started))
            {
                return $"{flavor.Title} did not restart containerd within {PlatformPatience.TotalSeconds:0} s";
            }
        }
        else
        {
            progress.WriteLine($"restarting {unit}");
            progress.Say($"systemd restarts {unit}, in {RestartPatience.TotalMinutes:0} min at most");
            var result = await systemd.RestartAsync(unit, RestartPatience, CancellationToken.None);
            if (!SystemdUnits.IsSuccess(result))
            {
                return $"{unit} was not restarted (systemd says: {result}); it is {await systemd.GetActiveStateAsync(unit, CancellationToken.None)}";
            }
        }

        progress.Say($"waiting for containerd and its CRI plugin, for {HealthPatience.TotalSeconds:0} s at most");
        if (await DaemonHealth.WaitAsync(host.At(socketPath), HealthPatience, CancellationToken.None) is { } problem)
        {
            return problem;
        }

        progress.WriteLine("containerd answers, and its CRI plugin is loaded");
        return null;
    }

    private async Task<bool> WaitForRestartAsync(DateTime started)
    {
        var deadline = Environment.TickCount64 + (long)PlatformPatience.TotalMilliseconds;
        while (Started() == started && Environment.TickCount64 < deadline)
        {
            await Task.Delay(Period);
        }

        return Started() != started;
    }

    /// <summary>containerd makes its socket anew when it starts.</summary>
    private DateTime Started() => File.GetLastWriteTimeUtc(host.At(socketPath));

    private string? Unfulfilled()
    {
        try
        {
            return planner.Left() is { IsFulfilled: false } left ? $"the configuration still lacks {left}" : null;
        }
        catch (ConfigurationException exception)
        {
            return exception.Message;
        }
    }

    private async Task RestoreServiceAsync(SystemdUnits? systemd, string? unit, DateTime started, bool wasWell)
    {
        try
        {
            if (await RestartAndWaitAsync(systemd, unit, started) is { } problem)
            {
                progress.WriteLine(wasWell ? $"and containerd does not come back: {problem}" : $"as before: {problem}");
            }
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or DBusException or InvalidDataException)
        {
            progress.WriteLine($"and containerd could not be restarted: {exception.Message}");
        }
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) => PosixSignalRegistration.Create(signal, context => context.Cancel = true);
}

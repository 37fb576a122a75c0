using Peili.Containerd.Hosts;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Hosting;

/// <summary>Keeps our host in certs.d while the agent runs: some systems wipe the folder, and new registries get folders of their own.</summary>
internal sealed partial class HostsKeeper(AgentOptions options, RegistryAccess access, TimeProvider time, ILogger<HostsKeeper> logger)
{
    /// <summary>Cheap when nothing changed: a few small files are read and compared.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly HostsDirectory _hosts = new(options.HostsDirectory!, options.StatePath);

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private long _written;
    private volatile HostsState _state = new(HostsStep.Pending, null);

    /// <summary>How containerd's hosts stand.</summary>
    public HostsState State => _state;

    /// <summary>Files of certs.d written since start.</summary>
    public long Written => Interlocked.Read(ref _written);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            Keep();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>The node is to be mirrored: containerd's hosts are written now, and kept.</summary>
    /// <exception cref="IOException">The state path takes nothing.</exception>
    public void Acquire()
    {
        lock (_writing)
        {
            HostsTarget.SetReleased(options.StatePath, released: false);
            Keep();
        }
    }

    /// <summary>The node is to be left: containerd's hosts are put back now, and left alone until <see cref="Acquire"/>, also by the next start.</summary>
    /// <returns>Files that could not be put back, each with the reason.</returns>
    /// <exception cref="IOException">The state path takes nothing, or a file cannot be written.</exception>
    public IReadOnlyList<string> Release()
    {
        lock (_writing)
        {
            // First the mark: whatever ends this process now, nobody writes the hosts again.
            HostsTarget.SetReleased(options.StatePath, released: true);
            var changes = _hosts.Cleanup();
            _state = new HostsState(HostsStep.Released, null);
            LogReleased(options.HostsDirectory!);
            return [.. changes.Where(change => change.Action == HostsAction.Left).Select(change => $"{change.Path}: {change.Remark}")];
        }
    }

    private void Keep()
    {
        lock (_writing)
        {
            _state = TryKeep();
        }
    }

    private HostsState TryKeep()
    {
        try
        {
            if (HostsTarget.IsReleased(options.StatePath))
            {
                return new HostsState(HostsStep.Released, null);
            }

            var edits = _hosts.Plan(HostsTarget.Settings(options.Hosts, options.Registries, options.RegistryAddress, access.Secret));
            foreach (var warning in edits.Warnings.Where(_warned.Add))
            {
                LogWarning(warning);
            }

            foreach (var change in _hosts.Apply(edits))
            {
                Interlocked.Increment(ref _written);
                LogWritten(change.Path);
            }

            return new HostsState(HostsStep.Mirrored, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogFailed(options.HostsDirectory!, exception.Message);
            return new HostsState(HostsStep.Failed, exception.Message);
        }
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message = "Wrote {Path}")]
    private partial void LogWritten(string path);

    [LoggerMessage(EventId = 121, Level = LogLevel.Error, Message = "Cannot keep containerd's hosts in {Directory}: {Reason}")]
    private partial void LogFailed(string directory, string reason);

    [LoggerMessage(EventId = 123, Level = LogLevel.Information, Message = "Released the node: {Directory} is as it was found")]
    private partial void LogReleased(string directory);

    [LoggerMessage(EventId = 122, Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogWarning(string warning);
}

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

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            Keep();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private void Keep()
    {
        try
        {
            if (HostsTarget.IsReleased(options.StatePath))
            {
                return;
            }

            var edits = _hosts.Plan(HostsTarget.Settings(options.Hosts, options.Registries, options.RegistryAddress, access.Secret));
            foreach (var warning in edits.Warnings.Where(_warned.Add))
            {
                LogWarning(warning);
            }

            foreach (var change in _hosts.Apply(edits))
            {
                LogWritten(change.Path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogFailed(options.HostsDirectory!, exception.Message);
        }
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message = "Wrote {Path}")]
    private partial void LogWritten(string path);

    [LoggerMessage(EventId = 121, Level = LogLevel.Error, Message = "Cannot keep containerd's hosts in {Directory}: {Reason}")]
    private partial void LogFailed(string directory, string reason);

    [LoggerMessage(EventId = 122, Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogWarning(string warning);
}

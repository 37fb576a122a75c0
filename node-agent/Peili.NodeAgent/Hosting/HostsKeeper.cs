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
            foreach (var change in _hosts.Configure(HostsTarget.Registries(options.Registries), HostsTarget.Entry(options.RegistryAddress, access.Secret)))
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
}

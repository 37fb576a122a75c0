using Peili.LocalCluster.Systemd;

namespace Peili.LocalCluster.TestProgram;

/// <summary>Owns a booted host, says where it is, and waits to be killed.</summary>
internal static class SystemdHostOwner
{
    internal static async Task<int> RunAsync()
    {
        await using var host = await SystemdHost.CreateAsync(CancellationToken.None);
        host.AddUnit("sleeper.service", "[Service]\nExecStart=/bin/sleep infinity");
        await host.BootAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync(host.Root);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}

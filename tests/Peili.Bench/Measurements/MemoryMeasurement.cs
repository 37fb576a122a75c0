using System.Globalization;
using Peili.Bench.Clients;
using Peili.Bench.Results;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.Reporting;

namespace Peili.Bench.Measurements;

/// <summary>Resident memory of a serving and a relaying agent while 20 transfers of 1 GiB pass both.</summary>
internal static class MemoryMeasurement
{
    private const int Transfers = 20;
    private const int SamplesPerReport = 100;
    private static readonly TimeSpan SamplePeriod = TimeSpan.FromMilliseconds(100);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, Screen screen, CancellationToken cancellationToken)
    {
        var load = new Load(AgentProcess.RegistryEndpoint, "GET", bench.LargePath) { Connections = Transfers };
        var transfers = LoadClient.RunAsync(bench.Relay.Machine, load, cancellationToken);
        var (holder, relay) = (0.0, 0.0);
        for (var samples = 1; !transfers.IsCompleted; samples++)
        {
            holder = Math.Max(holder, ReadResident(bench.Holder));
            relay = Math.Max(relay, ReadResident(bench.Relay));
            if (samples % SamplesPerReport == 0)
            {
                screen.Step(string.Create(CultureInfo.InvariantCulture, $"so far at most {holder:0} MiB serving, {relay:0} MiB relaying"));
            }

            await Task.WhenAny(transfers, Task.Delay(SamplePeriod, cancellationToken));
        }

        var speed = (await transfers).GigabitsPerSecond;
        screen.Step(string.Create(
            CultureInfo.InvariantCulture, $"{Transfers} x 1 GiB at {speed:0.0} Gbit/s: at most {holder:0} MiB serving, {relay:0} MiB relaying"));
        return
        [
            new Figure(
                "agent.rss.mib",
                $"memory, {Transfers} x 1 GiB, larger agent",
                Math.Max(holder, relay),
                "MiB",
                Target.AtMost(128)),
        ];
    }

    private static double ReadResident(ClusterNode node) => node.Agent.Process.ReadUsage().ResidentBytes / Units.Mebibyte;
}

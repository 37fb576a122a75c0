using System.Net;
using Peili.Overlay.Security;

namespace Peili.Overlay.Simulation.Scenarios;

/// <summary>What a real agent takes more in a large cluster than alone: members with records of their own, and what it announces.</summary>
internal static class AgentMemory
{
    /// <summary>A derived cipher's native memory, measured, times those that an agent caches.</summary>
    private const long Ciphers = 1024 * 1400;

    public static void Run(Figures figures, string name, int members, int digests, double? atMost) =>
        figures.Add($"{name}.agent.mb", Measure(members, digests) / 1e6, atMost);

    /// <summary>Bytes. Right only while nothing else in the process allocates.</summary>
    public static long Measure(int members, int digests)
    {
        using var simulation = new Simulation(1);
        var node = simulation.Add();
        node.Create();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var index = 0; index < members; index++)
        {
            var name = $"ip-10-0-{index / 256}-{index % 256}.cluster.internal";
            var address = PeerAddress.From(new IPEndPoint(new IPAddress([10, 1, (byte)(index >> 8), (byte)index]), 29951));
            node.Node!.Core.AddSettled(MemberRecord.Create(name, new BootId((ulong)index + 1, 1), 1, address, "eu-north-1a", "1.0.0"));
        }

        node.Node!.Announce([.. Enumerable.Range(0, digests).Select(_ => new DirectoryKey(simulation.Random.Next(), simulation.Random.Next(), 0, 0))]);
        return GC.GetTotalMemory(forceFullCollection: true) - before + Ciphers;
    }
}

using Peili.Overlay.Core;

namespace Peili.Overlay.Simulation;

/// <summary>
/// A cluster on virtual time, in one thread: the shipping <see cref="OverlayNode"/> with its clock, chance and transport replaced.
/// Two runs of one seed are the same to the byte, as <see cref="TraceHash"/> tells.
/// </summary>
internal sealed class Simulation : IDisposable
{
    private readonly PriorityQueue<SimulatedEvent, (long At, ulong Order)> events = new();
    private readonly Stack<byte[]> buffers = new();
    private ulong order;

    public Simulation(ulong seed, ClusterKeys? keys = null)
    {
        Random = new SimulationRandom(seed);
        Keys = keys ?? DefaultKeys;
    }

    public static ClusterKeys DefaultKeys { get; } = ParseKeys(Convert.ToBase64String(new byte[32]));

    public ClusterKeys Keys { get; set; }

    public SimulationRandom Random { get; }

    public NetworkConditions Network { get; } = new();

    public SharedMemory Memory { get; } = new(65_536, internRecords: true);

    public List<SimulatedNode> Nodes { get; } = [];

    /// <summary>Ticks of 100 ns since the beginning.</summary>
    public long Now { get; private set; }

    /// <summary>A hash over every datagram and bulk body, and when and where it went.</summary>
    public ulong TraceHash { get; private set; }

    /// <summary>Told of every change in any node's view: who sees it, of whom, from what, to what.</summary>
    public Action<SimulatedNode, MemberRecord, MemberState?, MemberState>? MemberChanged { get; set; }

    public long Events { get; private set; }

    public static ClusterKeys ParseKeys(string text) =>
        ClusterKeys.TryParse(text, out var keys, out var error) ? keys! : throw new ArgumentException(error, nameof(text));

    public SimulatedNode Add(string zone = "a", ClusterKeys? keys = null, string? name = null)
    {
        var node = new SimulatedNode(this, Nodes.Count, zone, keys ?? Keys, name);
        Nodes.Add(node);
        return node;
    }

    /// <summary>A cluster that has been up for long: everybody knows everybody and is ready.</summary>
    public void AddSettled(int count, int zones = 3)
    {
        for (var index = 0; index < count; index++)
        {
            Add($"zone-{index % zones}").Create();
        }

        var first = Nodes[0].Node!.Core;
        foreach (var node in Nodes.Skip(1))
        {
            first.AddSettled(node.Node!.Core.SelfRecord);
        }

        for (var index = count - 1; index >= 0; index--)
        {
            // The first one last: the others copy it before it is changed.
            Nodes[index].Node!.Core.Adopt(first);
        }

        foreach (var node in Nodes)
        {
            node.Node!.Start();
        }
    }

    public SimulatedNode? Find(in PeerAddress address)
    {
        var index = (int)(address.Low & 0xFF_FFFF);
        return index < Nodes.Count && Nodes[index].Address == address ? Nodes[index] : null;
    }

    public void At(TimeSpan from, Action action) => Schedule(Now + from.Ticks, new SimulatedEvent(null, null, 0, 0, 0, action));

    public void Schedule(long at, SimulatedEvent what) => events.Enqueue(what, (Math.Max(at, Now), ++order));

    public void RunFor(TimeSpan duration) => RunUntil(Now + duration.Ticks);

    public void RunUntil(long end)
    {
        while (events.TryPeek(out var next, out var when) && when.At <= end)
        {
            events.Dequeue();
            Now = when.At;
            Events++;
            Run(next);
        }

        Now = end;
    }

    /// <summary>Runs until the condition holds, looking every 10 ms; says how long it took, or null after the limit.</summary>
    public TimeSpan? RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var start = Now;
        while (Now - start <= limit.Ticks)
        {
            if (condition())
            {
                return TimeSpan.FromTicks(Now - start);
            }

            RunFor(TimeSpan.FromMilliseconds(10));
        }

        return null;
    }

    public void Trace(int from, int to, ReadOnlySpan<byte> bytes)
    {
        var hash = TraceHash ^ (ulong)Now ^ ((ulong)from << 40) ^ ((ulong)to << 20) ^ (ulong)bytes.Length;
        for (var at = 0; at + 8 <= bytes.Length; at += 8)
        {
            hash = (hash ^ BitConverter.ToUInt64(bytes[at..])) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }

        TraceHash = Mix.Of(hash);
    }

    public byte[] Rent() => buffers.TryPop(out var buffer) ? buffer : new byte[1200];

    public void Return(byte[] buffer) => buffers.Push(buffer);

    public long Delay() => (long)(Network.Latency.Ticks * (1 + (Network.Jitter * ((2 * Random.NextDouble()) - 1))));

    public void Dispose()
    {
        foreach (var node in Nodes)
        {
            node.Node?.Dispose();
        }

        Memory.Dispose();
    }

    private static void Run(in SimulatedEvent what)
    {
        if (what.Action is { } action)
        {
            action();
        }
        else if (what.Packet is { } packet)
        {
            what.Node!.Deliver(packet, what.Length, what.From);
        }
        else
        {
            what.Node!.FireTimer(what.Generation);
        }
    }
}

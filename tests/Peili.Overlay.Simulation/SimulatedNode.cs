using System.Net;

namespace Peili.Overlay.Simulation;

/// <summary>One machine: it can run, stall, crash and start again. It is the transport of the overlay that runs on it.</summary>
internal sealed class SimulatedNode : IOverlayTransport
{
    /// <summary>IPv4 and UDP headers.</summary>
    private const int DatagramHeaders = 28;

    /// <summary>What a TCP connection with a mutual TLS 1.3 handshake costs either side before the body, and per byte of body.</summary>
    private const int ConnectionBytes = 2_000;
    private const double BulkOverhead = 1.05;
    private const double BulkBytesPerTick = 10; // 100 MB/s

    /// <summary>The kernel's buffer for a process that does not read: 8 MiB at some 300 bytes a packet.</summary>
    private const int SocketBuffer = 28_000;

    private readonly Simulation simulation;
    private readonly NodeTime time;
    private readonly Queue<(byte[]? Packet, int Length, int From, Action? Action)> inbox = new();
    private TimerCallback? timer;
    private object? timerState;
    private bool timerWaits;
    private long stalledUntil;

    public SimulatedNode(Simulation simulation, int index, string zone, ClusterKeys keys, string? name)
    {
        this.simulation = simulation;
        Index = index;
        Zone = zone;
        Keys = keys;
        Name = name ?? $"node-{index}";
        Address = PeerAddress.From(new IPEndPoint(new IPAddress([10, (byte)(index >> 16), (byte)(index >> 8), (byte)index]), 29951));
        time = new NodeTime(simulation, this);
    }

    public int Index { get; }

    public string Name { get; private set; }

    /// <summary>The name of the next start, if another node is to come up at this address.</summary>
    public string? NextName { get; set; }

    public string Zone { get; }

    public ClusterKeys Keys { get; set; }

    public PeerAddress Address { get; }

    public TimeSpan ClockSkew { get; set; }

    /// <summary>What the agent on this machine would have persisted.</summary>
    public ulong PersistedEpoch { get; set; }

    public List<PeerAddress> Seeds { get; set; } = [];

    public List<PeerAddress> KnownPeers { get; set; } = [];

    /// <summary>Told when the overlay, or the end of a stall, empties the socket.</summary>
    public Action? Draining { get; set; }

    /// <summary>What the node's containerd holds, and the agent announces at each start.</summary>
    public List<DirectoryKey> Held { get; } = [];

    public OverlayNode? Node { get; private set; }

    public long StartedAt { get; private set; } = -TimeSpan.TicksPerMinute;

    public bool IsUp => Node is not null;

    public bool IsStalled { get; private set; }

    /// <summary>Everything sent, headers included.</summary>
    public long BytesSent { get; set; }

    public long DatagramBytes { get; private set; }

    public uint TimerGeneration { get; private set; }

    public void Create()
    {
        Name = NextName ?? Name;
        Node = CreateNode();
        Node.Core.StateChanged = (who, before, after) => simulation.MemberChanged?.Invoke(this, who, before, after);
    }

    private OverlayNode CreateNode() => new(
        new OverlayOptions
        {
            Name = Name,
            AdvertiseAddress = Address,
            Zone = Zone,
            Version = "1.0",
            Keys = Keys,
            Seeds = _ => ValueTask.FromResult<IReadOnlyList<PeerAddress>>(Seeds),
            KnownPeers = KnownPeers,
            PersistedEpoch = PersistedEpoch,
        },
        this,
        time,
        simulation.Random,
        simulation.Memory);

    public void Start()
    {
        Create();
        StartedAt = simulation.Now;
        Node!.Start();
        Node.Announce([.. Held]);
    }

    /// <summary>The process is gone, without a word; the machine stays.</summary>
    public void Crash()
    {
        PersistedEpoch = Node!.Epoch;
        Node.Dispose();
        Node = null;
        IsStalled = false;
        while (inbox.TryDequeue(out var waiting))
        {
            if (waiting.Packet is not null)
            {
                simulation.Return(waiting.Packet);
            }
        }
    }

    public void Leave()
    {
        Node!.Leave();
        Crash();
    }

    public void Stall(TimeSpan duration)
    {
        IsStalled = true;
        stalledUntil = simulation.Now + duration.Ticks;
        var stalled = Node;
        simulation.At(duration, () =>
        {
            if (Node == stalled && IsStalled)
            {
                Resume();
            }
        });
    }

    public bool WasStalledSince(long time) => stalledUntil > time;

    public void SetTimer(TimerCallback callback, object? state)
    {
        timer = callback;
        timerState = state;
        TimerGeneration++;
    }

    public void ClearTimer()
    {
        TimerGeneration++;
        timerWaits = false;
    }

    public void FireTimer(uint generation)
    {
        if (generation != TimerGeneration || Node is null)
        {
            return;
        }

        if (IsStalled)
        {
            timerWaits = true;
            return;
        }

        timer!(timerState);
    }

    public void Deliver(byte[] packet, int length, int from)
    {
        if (Node is null)
        {
            simulation.Return(packet);
        }
        else if (!IsStalled)
        {
            Node.Received(packet.AsSpan(0, length), simulation.Nodes[from].Address);
            simulation.Return(packet);
        }
        else if (inbox.Count < SocketBuffer)
        {
            inbox.Enqueue((packet, length, from, null));
        }
        else
        {
            simulation.Return(packet);
        }
    }

    void IOverlayTransport.Send(in PeerAddress to, ReadOnlySpan<byte> datagram)
    {
        BytesSent += datagram.Length + DatagramHeaders;
        DatagramBytes += datagram.Length + DatagramHeaders;
        var target = simulation.Find(to);
        if (target is null || simulation.Random.NextDouble() < simulation.Network.Loss
            || simulation.Network.IsCut?.Invoke(Index, target.Index) == true
            || simulation.Network.IsUdpCut?.Invoke(Index, target.Index) == true)
        {
            return;
        }

        simulation.Trace(Index, target.Index, datagram);
        simulation.Network.Tap?.Invoke(this, target, datagram.ToArray());
        var copy = simulation.Rent();
        datagram.CopyTo(copy);
        simulation.Schedule(simulation.Now + simulation.Delay(), new SimulatedEvent(target, copy, datagram.Length, Index, 0, null));
    }

    void IOverlayTransport.Call(in PeerAddress to, ReadOnlyMemory<byte> body, uint call, TimeSpan timeout)
    {
        var caller = Node;
        var target = simulation.Find(to);
        var deadline = simulation.Now + timeout.Ticks;
        var ended = false;
        void End(byte[] reply)
        {
            if (!ended && Node == caller && caller is not null)
            {
                ended = true;
                RunOrQueue(() => caller.CallEnded(call, reply));
            }
        }

        simulation.At(timeout, () => End([]));
        if (target is null || IsUnreachable(target))
        {
            return;
        }

        if (!target.IsUp)
        {
            simulation.At(2 * simulation.Network.Latency, () => End([])); // refused
            return;
        }

        BytesSent += ConnectionBytes + (long)(body.Length * BulkOverhead);
        simulation.Trace(Index, target.Index, body.Span);
        simulation.At((5 * simulation.Network.Latency) + Transfer(body.Length), () => target.RunOrQueue(() =>
        {
            if (simulation.Now < deadline)
            {
                target.Answer(this, body, End);
            }
        }));
    }

    void IOverlayTransport.Drain()
    {
        Draining?.Invoke();
        while (inbox.TryDequeue(out var waiting))
        {
            if (waiting.Packet is { } packet)
            {
                Node!.Received(packet.AsSpan(0, waiting.Length), simulation.Nodes[waiting.From].Address);
                simulation.Return(packet);
            }
            else
            {
                waiting.Action!();
            }
        }
    }

    private void Answer(SimulatedNode caller, ReadOnlyMemory<byte> body, Action<byte[]> end)
    {
        var serving = Node;
        if (serving is null || IsUnreachable(caller))
        {
            return;
        }

        var reply = serving.Serve(body.Span);
        BytesSent += ConnectionBytes + (long)(reply.Length * BulkOverhead);
        simulation.Trace(Index, caller.Index, reply);
        simulation.At(simulation.Network.Latency + Transfer(reply.Length), () =>
        {
            if (Node == serving)
            {
                serving.Served();
            }

            end(reply);
        });
    }

    private void Resume()
    {
        IsStalled = false;

        // The worst order: the timer that is late runs before anybody has read the socket.
        if (timerWaits)
        {
            timerWaits = false;
            timer!(timerState);
        }

        if (Node is not null)
        {
            ((IOverlayTransport)this).Drain();
        }
    }

    private void RunOrQueue(Action action)
    {
        if (IsStalled)
        {
            inbox.Enqueue((null, 0, 0, action));
        }
        else
        {
            action();
        }
    }

    private bool IsUnreachable(SimulatedNode other) =>
        simulation.Network.IsCut?.Invoke(Index, other.Index) == true || simulation.Network.IsCut?.Invoke(other.Index, Index) == true
        || simulation.Network.IsTcpCut?.Invoke(Index, other.Index) == true;

    /// <summary>A bulk transfer's time on the wire; a lost segment of the handshake or the tail waits for a timeout.</summary>
    private TimeSpan Transfer(int bytes)
    {
        var wire = TimeSpan.FromTicks((long)(bytes / BulkBytesPerTick));
        var isLate = simulation.Random.NextDouble() < 4 * simulation.Network.Loss;
        return wire + (isLate ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero);
    }
}

using Peili.Overlay.Core;

namespace Peili.Overlay;

/// <summary>
/// One node of the overlay: knows the live members, tells them what this node has, and finds who has what. Thread-safe; nothing waits
/// but a lookup, and that at most some 20 ms.
/// </summary>
public sealed partial class OverlayNode : IOverlayReceiver, IDisposable
{
    /// <summary>1,024 ciphers are 1.3 MB: more than the peers an agent talks to within a minute.</summary>
    private const int CipherCapacity = 1024;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly OverlayOptions options;
    private readonly SharedMemory memory;
    private readonly bool ownsMemory;
    private readonly ITimer timer;
    private readonly CancellationTokenSource stopping = new();
    private long armedFor = long.MaxValue;

    // Until when the transport's thread waits, if it has one that calls RunDue.
    private long waitsUntil = long.MaxValue;
    private int waitingThread;

    /// <summary>Makes a node that does nothing before <see cref="Start"/>.</summary>
    /// <param name="options">How it takes part.</param>
    /// <param name="transport">Its only way out; give it this node as receiver before the start.</param>
    /// <param name="time">Its only clock.</param>
    /// <param name="random">Its only source of chance.</param>
    /// <exception cref="ArgumentException">The name, the zone or the version is too long or holds characters that it must not.</exception>
    public OverlayNode(OverlayOptions options, IOverlayTransport transport, TimeProvider time, IRandomSource random)
        : this(options, transport, time, random, new SharedMemory(CipherCapacity, internRecords: false))
    {
        ownsMemory = true;
    }

    internal OverlayNode(OverlayOptions options, IOverlayTransport transport, TimeProvider time, IRandomSource random, SharedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (!MemberRecord.IsName(options.Name))
        {
            throw new ArgumentException("A name has 1 to 253 visible ASCII characters", nameof(options));
        }

        if (options.Zone.Length > OverlayOptions.MaximumLabel || options.Version.Length > OverlayOptions.MaximumLabel)
        {
            throw new ArgumentException("Zone and version have at most 63 characters", nameof(options));
        }

        this.options = options;
        this.memory = memory;
        Core = new MemberCore(options, time, random, transport, memory) { ResolveSeeds = ResolveSeeds };
        timer = time.CreateTimer(static state => ((OverlayNode)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// This start's number. It may jump when others know a higher one for this name: persist it now and then, and at the end.
    /// </summary>
    public ulong Epoch
    {
        get
        {
            lock (gate)
            {
                return Core.Epoch;
            }
        }
    }

    /// <summary>
    /// The address of another live node of this name that wins; null as it should be. Until that one is gone this node announces
    /// nothing and finds nothing.
    /// </summary>
    public PeerAddress? NameTakenBy
    {
        get
        {
            lock (gate)
            {
                return Core.SupersededBy?.Address;
            }
        }
    }

    /// <summary>What has happened so far.</summary>
    public OverlayCounters Counters
    {
        get
        {
            lock (gate)
            {
                return Core.Counters.Copy();
            }
        }
    }

    internal MemberCore Core { get; }

    /// <summary>Begins to look for peers, and to answer them.</summary>
    public void Start()
    {
        lock (gate)
        {
            Core.Start();
            Arm();
        }
    }

    /// <summary>Tells some members that this node goes, who tell the others, and falls silent. Nothing is awaited.</summary>
    public void Leave()
    {
        lock (gate)
        {
            Core.Leave();
        }

        stopping.Cancel();
    }

    /// <summary>Tells the trackers that this node has these keys. Known ones are told anew.</summary>
    /// <param name="keys">Only what is committed here.</param>
    public void Announce(params ReadOnlySpan<DirectoryKey> keys)
    {
        lock (gate)
        {
            Core.Enter();
            Core.Announce(keys);
            Arm();
        }
    }

    /// <summary>Tells the trackers that this node has the key no more; nothing happens if it was not announced.</summary>
    /// <param name="key">The key.</param>
    public void Withdraw(DirectoryKey key)
    {
        lock (gate)
        {
            Core.Enter();
            Core.Withdraw(key);
            Arm();
        }
    }

    /// <summary>Finds up to three holders other than this node; ends within some 20 ms.</summary>
    /// <param name="key">A digest or a name's hash.</param>
    /// <param name="cancellation">Ends the wait, not the lookup.</param>
    public ValueTask<LookupResult> LookupAsync(DirectoryKey key, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource<LookupResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Lookup(key, ended.SetResult);
        return new ValueTask<LookupResult>(ended.Task.WaitAsync(cancellation));
    }

    /// <summary>
    /// A request to this peer failed. It is not offered again to this node until it answers a TCP probe; whether it is dead is for the
    /// members to find out.
    /// </summary>
    /// <param name="name">The peer's node name.</param>
    /// <returns>False when it was avoided already, or is no live member.</returns>
    public bool ReportFailure(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (gate)
        {
            Core.Enter();
            var isNew = Core.ReportFailure(name);
            Arm();
            return isNew;
        }
    }

    /// <summary>Asks a member over TCP whether it is there, and whether it is still the same process.</summary>
    /// <param name="name">Its node name.</param>
    /// <param name="patience">How long to wait for its answer.</param>
    /// <returns>False when it does not answer, or is no live member.</returns>
    public Task<bool> ReachAsync(string name, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(name);
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Reach(name, patience, ended.SetResult);
        return ended.Task;
    }

    /// <summary>Swaps the keys: the first seals from now on, any opens.</summary>
    /// <param name="keys">The new keys. A node that started with keys refuses to go without.</param>
    /// <exception cref="ArgumentException">Keys were replaced by none, or none by keys.</exception>
    public void UpdateKeys(ClusterKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.IsEmpty != options.Keys.IsEmpty)
        {
            throw new ArgumentException("Sealing is switched on or off at a start only", nameof(keys));
        }

        lock (gate)
        {
            Core.UpdateKeys(keys);
        }
    }

    /// <summary>
    /// Has every member hear that something about this node changed: its <see cref="OverlayMember.Incarnation"/> goes up in their views,
    /// within seconds, and whoever wants to know what it is asks the node.
    /// </summary>
    public void TellOfChange()
    {
        lock (gate)
        {
            Core.Enter();
            Core.TellOfChange();
            Arm();
        }
    }

    /// <summary>Moves this node to another zone; its records are told anew.</summary>
    /// <param name="zone">The topology zone, at most 63 characters.</param>
    /// <exception cref="ArgumentException">The zone is too long.</exception>
    public void MoveTo(string zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(zone.Length, OverlayOptions.MaximumLabel, nameof(zone));
        lock (gate)
        {
            Core.Enter();
            Core.MoveTo(zone);
            Arm();
        }
    }

    /// <inheritdoc/>
    public void Received(ReadOnlySpan<byte> datagram, in PeerAddress from)
    {
        lock (gate)
        {
            Core.Enter();
            Core.Receive(datagram, from);
            Arm();
        }
    }

    /// <inheritdoc/>
    public TimeSpan RunDue()
    {
        lock (gate)
        {
            waitingThread = Environment.CurrentManagedThreadId;
            if (stopping.IsCancellationRequested)
            {
                return LongestWait;
            }

            Core.Wake();
            waitsUntil = Core.NextDue;
            return TimeSpan.FromTicks(Math.Clamp(waitsUntil - Core.Now, 0, LongestWait.Ticks));
        }
    }

    /// <inheritdoc/>
    public void CallEnded(uint call, ReadOnlySpan<byte> reply)
    {
        lock (gate)
        {
            Core.Enter();
            Core.EndCall(call, reply);
            Arm();
        }
    }

    /// <inheritdoc/>
    public byte[] Serve(ReadOnlySpan<byte> body)
    {
        lock (gate)
        {
            Core.Enter();
            var reply = Core.Serve(body);
            Arm();
            return reply;
        }
    }

    /// <inheritdoc/>
    public void Served()
    {
        lock (gate)
        {
            Core.EndServing();
        }
    }

    /// <summary>Stops at once, without a word to anybody; <see cref="Leave"/> first to be polite.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        timer.Dispose();
        stopping.Dispose();
        if (ownsMemory)
        {
            memory.Dispose();
        }
    }

    internal void Lookup(DirectoryKey key, Action<LookupResult> done)
    {
        lock (gate)
        {
            Core.Enter();
            Core.Lookup(key, done);
            Arm();
        }
    }

    internal void Reach(string name, TimeSpan patience, Action<bool> done)
    {
        lock (gate)
        {
            Core.Enter();
            Core.Reach(name, patience, done);
            Arm();
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            armedFor = long.MaxValue;
            Core.Wake();
            Arm();
        }
    }

    /// <summary>One timer for everything that is due, set anew only when something is due earlier, and nobody looks before that anyway.</summary>
    private void Arm()
    {
        if (Core.NextDue < Math.Min(armedFor, waitsUntil) && Environment.CurrentManagedThreadId != waitingThread && !stopping.IsCancellationRequested)
        {
            armedFor = Core.NextDue;
            timer.Change(TimeSpan.FromTicks(Math.Max(0, armedFor - Core.Now)), Timeout.InfiniteTimeSpan);
        }
    }

    private void ResolveSeeds()
    {
        var resolving = options.Seeds(stopping.Token);
        if (resolving.IsCompletedSuccessfully)
        {
            Core.JoinThrough(resolving.Result);
        }
        else
        {
            _ = JoinWhenResolvedAsync(resolving);
        }
    }

    private async Task JoinWhenResolvedAsync(ValueTask<IReadOnlyList<PeerAddress>> resolving)
    {
        IReadOnlyList<PeerAddress> seeds;
        try
        {
            seeds = await resolving;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Names that do not resolve are a reason to try again later, not to end; the provider is who logs them.
            seeds = [];
        }

        lock (gate)
        {
            if (!stopping.IsCancellationRequested)
            {
                Core.Enter();
                Core.JoinThrough(seeds);
                Arm();
            }
        }
    }
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Peili.Overlay.Wire;

namespace Peili.Overlay;

/// <summary>A UDP socket, for both IP families where the host has both, and a client for bulk calls.</summary>
public sealed class UdpTransport : IOverlayTransport, IAsyncDisposable
{
    /// <summary>What the socket should hold while the process does not run: 8 MiB (Linux grants what net.core.rmem_max allows).</summary>
    public const int WantedReceiveBuffer = 8 * 1024 * 1024;

    private const int MostCachedAddresses = 8192;

    /// <summary>A full buffer of small datagrams; whoever floods us must not keep us from our timers.</summary>
    private const int MostDrained = 32_768;

    /// <summary>The same where nothing has to be drained first.</summary>
    private const int MostAtOnce = 256;

    private const int StackSize = 512 * 1024;

    private readonly Socket socket;
    private readonly IBulkClient bulk;
    private readonly ConcurrentDictionary<PeerAddress, SocketAddress> addresses = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IOverlayReceiver? receiver;
    private long sendFailures;

    /// <summary>Binds the socket.</summary>
    /// <param name="listen">
    /// Where to listen. An IPv4 address speaks IPv4 alone; an IPv6 wildcard takes IPv4 as well, and is an IPv4 wildcard on a host
    /// without IPv6.
    /// </param>
    /// <param name="bulk">Carries what is too large for a datagram.</param>
    /// <exception cref="SocketException">The address is not ours, or is taken.</exception>
    public UdpTransport(IPEndPoint listen, IBulkClient bulk)
        : this(listen, bulk, Socket.OSSupportsIPv6)
    {
    }

    internal UdpTransport(IPEndPoint listen, IBulkClient bulk, bool hasIPv6)
    {
        ArgumentNullException.ThrowIfNull(listen);
        this.bulk = bulk;
        var address = listen.Address.IsIPv4MappedToIPv6 ? listen.Address.MapToIPv4() : listen.Address;
        address = address.Equals(IPAddress.IPv6Any) && !hasIPv6 ? IPAddress.Any : address;
        socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        socket.ReceiveBufferSize = WantedReceiveBuffer;
        socket.Bind(new IPEndPoint(address, listen.Port));
    }

    /// <summary>The port bound.</summary>
    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>IPv4, or IPv6 that takes IPv4 as well.</summary>
    internal AddressFamily Family => socket.AddressFamily;

    /// <summary>The receive buffer that the kernel granted, in bytes; less than wanted is worth a line in the log.</summary>
    public int ReceiveBuffer => socket.ReceiveBufferSize;

    /// <summary>Datagrams that the kernel did not take, or that were for IPv6 from a socket of IPv4.</summary>
    public long SendFailures => Interlocked.Read(ref sendFailures);

    /// <summary>
    /// Begins to hand over what arrives, on a thread of its own that does what is due as well: one switch for each, where timers and
    /// asynchronous receives take three, which was most of what an idle agent used.
    /// </summary>
    /// <param name="to">The node.</param>
    public void Start(IOverlayReceiver to)
    {
        receiver = to;
        new Thread(Run, StackSize) { IsBackground = true, Name = "overlay" }.Start();
    }

    /// <inheritdoc/>
    public void Send(in PeerAddress to, ReadOnlySpan<byte> datagram)
    {
        if (Family == AddressFamily.InterNetwork && !to.IsIPv4)
        {
            Interlocked.Increment(ref sendFailures);
            return;
        }

        if (!addresses.TryGetValue(to, out var address))
        {
            if (addresses.Count >= MostCachedAddresses)
            {
                addresses.Clear();
            }

            var endPoint = to.ToEndPoint();
            endPoint.Address = Family == AddressFamily.InterNetwork ? endPoint.Address : endPoint.Address.MapToIPv6();
            address = addresses[to] = endPoint.Serialize();
        }

        try
        {
            socket.SendTo(datagram, SocketFlags.None, address);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Full buffer, no route, or closing: the same as a datagram lost on the way.
            Interlocked.Increment(ref sendFailures);
        }
    }

    /// <inheritdoc/>
    public void Call(in PeerAddress to, ReadOnlyMemory<byte> body, uint call, TimeSpan timeout) => _ = CallAsync(to, body, call, timeout);

    /// <inheritdoc/>
    public void Drain()
    {
        try
        {
            if (socket.Available > 0)
            {
                Take(MostDrained);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The other reader took the last datagram, or the socket is closing: either way it is drained.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (receiver is not null)
        {
            EndWait();
            await ended.Task;
        }

        socket.Dispose();
        stopping.Dispose();
    }

    private void Run()
    {
        while (!stopping.IsCancellationRequested)
        {
            var pause = Math.Ceiling(receiver!.RunDue().TotalMilliseconds);
            try
            {
                if (socket.Poll(TimeSpan.FromMilliseconds(pause), SelectMode.SelectRead))
                {
                    Take(MostAtOnce);
                }
            }
            catch (SocketException)
            {
                // An ICMP error of an earlier send surfaces here; the socket goes on.
                Interlocked.Increment(ref sendFailures);
            }
        }

        ended.SetResult();
    }

    private void EndWait()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.NotConnected)
        {
            // Linux says so of every such socket, and wakes who waits for it all the same.
        }
    }

    /// <summary>Hands over what has arrived: something has.</summary>
    private void Take(int most)
    {
        // One byte more than is allowed: what is too long is seen to be so.
        Span<byte> buffer = stackalloc byte[Limits.Datagram + 1];
        var from = new SocketAddress(Family);
        var count = 0;
        do
        {
            var length = socket.ReceiveFrom(buffer, SocketFlags.None, from);
            receiver!.Received(buffer[..length], AddressOf(from));
        }
        while (++count < most && socket.Available > 0);
    }

    private async Task CallAsync(PeerAddress to, ReadOnlyMemory<byte> body, uint call, TimeSpan timeout)
    {
        await Task.Yield(); // never within the caller's lock
        byte[]? reply = null;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        bound.CancelAfter(timeout);
        try
        {
            reply = await bulk.CallAsync(to, body, bound.Token);
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or HttpRequestException)
        {
            // Its end says no more than "no reply".
        }

        receiver!.CallEnded(call, reply ?? []);
    }

    /// <summary>sockaddr_in and sockaddr_in6: port at 2, address at 4 and at 8, all in network order.</summary>
    private static PeerAddress AddressOf(SocketAddress from)
    {
        var bytes = from.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return from.Family == AddressFamily.InterNetwork
            ? PeerAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new PeerAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), port);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Network;

/// <summary>
/// A machine of the cluster: a network namespace with one address, a mount namespace with its own /run and /etc/hosts, and a PID
/// namespace, so that pulling the plug ends everything on it.
/// </summary>
public sealed class Machine : IAsyncDisposable
{
    private const string Boot =
        """
        mount -t tmpfs tmpfs /run && mount --bind "$1" /etc/hosts && echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter || exit
        echo up
        sleep infinity & wait
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HostTable _hosts;
    private readonly ClusterSwitch _cables;
    private readonly Process _init;
    private readonly int _initProcessId;
    private readonly NamespaceSockets _sockets;
    private string _port = "";

    private Machine(string name, IPAddress address, HostTable hosts, ClusterSwitch cables, Process init, int initProcessId)
    {
        Name = name;
        Address = address;
        _hosts = hosts;
        _cables = cables;
        _init = init;
        _initProcessId = initProcessId;
        _sockets = new NamespaceSockets(initProcessId);
    }

    /// <summary>Its name, which resolves on every machine of the cluster.</summary>
    public string Name { get; }

    /// <summary>Its only address besides the loopback's.</summary>
    public IPAddress Address { get; }

    /// <summary>Starts a program here. PATH is set; nothing else of the environment differs from this process's, but for <paramref name="environment"/>.</summary>
    /// <param name="program">A name on PATH, or an absolute path. The working directory is /.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to add.</param>
    /// <param name="onOutput">Called with each line of standard output, on whatever thread read it.</param>
    /// <param name="cancellationToken">Gives up starting; never ends a program that started.</param>
    public Task<MachineProcess> StartProcessAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onOutput = null,
        CancellationToken cancellationToken = default)
    {
        // nsenter would stop itself when its child is stopped, and then never see it end; unshare only waits.
        var start = Tools.Prepare(
            "nsenter",
            [.. EnterArguments, "--pid", "--no-fork", "--", "unshare", "--fork", "--kill-child", "--", program, .. arguments]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return MachineProcess.StartAsync(start, onOutput, cancellationToken);
    }

    /// <summary>Runs a program here to its end.</summary>
    public Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(program, arguments, "", cancellationToken);

    /// <summary>Connects from here, for example to a listener on this machine's loopback.</summary>
    public async Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = _sockets.Create(endpoint.AddressFamily);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            socket.NoDelay = true;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A listening socket here, for a server that runs in this process. Kestrel takes it by ListenHandle.</summary>
    public Socket Listen(IPEndPoint endpoint)
    {
        var socket = _sockets.Create(endpoint.AddressFamily);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        socket.Bind(endpoint);
        socket.Listen();
        return socket;
    }

    /// <summary>
    /// An HTTP client on this machine: its connections start here, names are those of the cluster, there is no proxy, no cookie, no
    /// redirect, no decompression. The caller disposes it.
    /// </summary>
    public HttpClient CreateHttpClient() =>
        new(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var endpoint = new IPEndPoint(_hosts.Resolve(context.DnsEndPoint.Host), context.DnsEndPoint.Port);
                return new NetworkStream(await ConnectAsync(endpoint, cancellationToken), ownsSocket: true);
            },
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
        });

    /// <summary>Caps what this machine sends, in bits a second; null lifts the cap.</summary>
    public Task LimitSendingAsync(long? bitsPerSecond, CancellationToken cancellationToken) =>
        RunHereAsync("tc", TokenBucket("eth0", bitsPerSecond), "", cancellationToken);

    /// <summary>Caps what this machine receives, in bits a second; null lifts the cap.</summary>
    public Task LimitReceivingAsync(long? bitsPerSecond, CancellationToken cancellationToken) =>
        _cables.RunAsync("tc", TokenBucket(_port, bitsPerSecond), "", cancellationToken);

    /// <summary>
    /// Makes this machine silent: it still answers on the link layer, but whatever it would send to others is dropped, so that they
    /// wait for it and hear no refusal. <see cref="SpeakAsync"/> ends it.
    /// </summary>
    public Task FallSilentAsync(CancellationToken cancellationToken) => ChangeSilenceAsync("add", cancellationToken);

    /// <summary>Ends <see cref="FallSilentAsync"/>.</summary>
    public Task SpeakAsync(CancellationToken cancellationToken) => ChangeSilenceAsync("del", cancellationToken);

    /// <summary>Drops every UDP datagram from here to another machine, as a security group does that was opened for TCP alone.</summary>
    public Task BlockUdpAsync(Machine to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(to);
        return ChangeUdpAsync("add", to, cancellationToken);
    }

    /// <summary>Ends <see cref="BlockUdpAsync"/>.</summary>
    public Task UnblockUdpAsync(Machine to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(to);
        return ChangeUdpAsync("del", to, cancellationToken);
    }

    /// <summary>What passed this machine's link so far.</summary>
    public LinkCounters ReadLinkCounters() => LinkCounters.Read(_initProcessId);

    /// <summary>Pulls the plug: every process here is killed at once, and the machine is gone from the network for good.</summary>
    public async Task PowerOffAsync()
    {
        if (!_init.HasExited)
        {
            _ = NativeMethods.Kill(_initProcessId, (int)Signal.Kill);
            await _init.WaitForExitAsync().WaitAsync(Patience);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await PowerOffAsync();
        _sockets.Dispose();
        _init.Dispose();
    }

    internal static async Task<Machine> StartAsync(
        string name, int number, HostTable hosts, ClusterSwitch cables, CancellationToken cancellationToken)
    {
        var start = Tools.Prepare(
            "nsenter",
            [
                $"--target={cables.InitProcessId}", "--net", "--pid", "--",
                "unshare", "--fork", "--kill-child", "--pid", "--mount", "--mount-proc", "--net", "--",
                "sh", "-c", Boot, "peili-machine", hosts.File,
            ]);
        var init = Process.Start(start) ?? throw new InvalidOperationException("nsenter did not start");
        var answer = await init.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken);
        if (answer != "up"
            || ProcessTree.FirstChildOf(init.Id) is not { } unshare
            || ProcessTree.FirstChildOf(unshare) is not { } initProcessId)
        {
            throw new InvalidOperationException($"machine {name}: {await init.StandardError.ReadToEndAsync(cancellationToken)}");
        }

        var machine = new Machine(name, hosts.Addresses.Of(number), hosts, cables, init, initProcessId);
        await machine.PlugInAsync(cancellationToken);
        hosts.Add(name, machine.Address);
        return machine;
    }

    private IEnumerable<string> EnterArguments => [$"--target={_initProcessId}", "--net", "--mount"];

    private async Task PlugInAsync(CancellationToken cancellationToken)
    {
        _port = await _cables.ConnectAsync(_initProcessId, cancellationToken);

        // Duplicate address detection would keep an IPv6 address unusable for seconds.
        var noDetection = Address.AddressFamily == AddressFamily.InterNetworkV6 ? "nodad" : "";
        await RunHereAsync(
            "ip",
            ["-batch", "-"],
            $"""
             link set lo up
             link set eth0 up
             address add {Address}/{_hosts.Addresses.PrefixLength} dev eth0 {noDetection}

             """,
            cancellationToken);
    }

    // A rule in front of all others but the one for local addresses.
    private Task ChangeSilenceAsync(string change, CancellationToken cancellationToken) =>
        RunHereAsync("ip", [ClusterAddresses.Option(Address), "rule", change, "pref", "1", "blackhole"], "", cancellationToken);

    private Task ChangeUdpAsync(string change, Machine to, CancellationToken cancellationToken) =>
        RunHereAsync(
            "ip", [ClusterAddresses.Option(Address), "rule", change, "pref", "2", "to", $"{to.Address}", "ipproto", "udp", "blackhole"], "", cancellationToken);

    private async Task RunHereAsync(string tool, string[] arguments, string input, CancellationToken cancellationToken)
    {
        var result = await RunAsync(tool, arguments, input, cancellationToken);
        result.OutputOrThrow($"{tool} {string.Join(' ', arguments)} on {Name}");
    }

    private Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, string input, CancellationToken cancellationToken) =>
        Command.RunAsync("nsenter", [.. EnterArguments, "--", Tools.Find(program), .. arguments], input, cancellationToken);

    // The bucket holds 10 ms, and at least what the stack hands over in one piece (64 KiB); the queue holds 100 ms more.
    private static string[] TokenBucket(string device, long? bitsPerSecond)
    {
        if (bitsPerSecond is not { } rate)
        {
            return ["qdisc", "replace", "dev", device, "root", "noqueue"];
        }

        var burst = Math.Max(rate / 8 / 100, 128 * 1024);
        return string.Create(
            CultureInfo.InvariantCulture, $"qdisc replace dev {device} root tbf rate {rate}bit burst {burst}b latency 100ms").Split(' ');
    }
}

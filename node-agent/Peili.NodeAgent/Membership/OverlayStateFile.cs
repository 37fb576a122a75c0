using System.Net;
using System.Text.Json;
using Peili.Containerd.Hosts;
using Peili.NodeAgent.Configuration;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>Keeps <see cref="OverlayState"/> on disk, so that a cluster that was off as a whole finds itself again without any seed.</summary>
internal sealed partial class OverlayStateFile
{
    /// <summary>More than any start needs to meet one that lives.</summary>
    private const int MaxPeers = 256;

    private const int MaxLength = 1024 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly ILogger<OverlayStateFile> _logger;
    private bool _isWritable = true;

    /// <summary>Reads the file. One that cannot be read counts as none, which is logged.</summary>
    public OverlayStateFile(AgentOptions options, ILogger<OverlayStateFile> logger)
    {
        _path = Path.Combine(options.StatePath, "overlay.json");
        _logger = logger;
        Current = Read();
    }

    /// <summary>What is on disk.</summary>
    public OverlayState Current { get; private set; }

    /// <summary>The peers known before the last stop.</summary>
    public IReadOnlyList<PeerAddress> KnownPeers =>
        [.. Current.Peers.Select(peer => IPEndPoint.TryParse(peer, out var address) && address.Port > 0 ? PeerAddress.From(address) : default).Where(peer => peer.Port > 0)];

    /// <summary>Writes what changed. A disk that takes nothing is logged once, and does not end the agent.</summary>
    /// <param name="epoch">This start's.</param>
    /// <param name="zone">This start's.</param>
    /// <param name="peers">The live members other than this node; none leaves the former ones standing, for a node alone needs them most.</param>
    public void Save(ulong epoch, string zone, IReadOnlyCollection<PeerAddress> peers)
    {
        var state = new OverlayState(
            epoch, zone, peers.Count == 0 ? Current.Peers : [.. peers.Select(peer => peer.ToString()).Order(StringComparer.Ordinal).Take(MaxPeers)]);
        if (state.Epoch == Current.Epoch && state.Zone == Current.Zone && state.Peers.SequenceEqual(Current.Peers))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(state, OverlayStateJson.Default.OverlayState), OwnerOnly);
            Current = state;
            _isWritable = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (_isWritable)
            {
                LogUnwritable(_path, exception.Message);
            }

            _isWritable = false;
        }
    }

    private OverlayState Read()
    {
        try
        {
            if (!File.Exists(_path))
            {
                return OverlayState.Empty;
            }

            if (new FileInfo(_path).Length > MaxLength)
            {
                throw new JsonException($"longer than {MaxLength} bytes");
            }

            var state = JsonSerializer.Deserialize(File.ReadAllBytes(_path), OverlayStateJson.Default.OverlayState);
            return state is { Peers: not null, Zone.Length: <= OverlayOptions.MaximumLabel } ? state : throw new JsonException("a member is missing or too long");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnreadable(_path, exception.Message);
            return OverlayState.Empty;
        }
    }

    [LoggerMessage(EventId = 720, Level = LogLevel.Warning, Message = "{Path} cannot be read, so the last known peers are not known: {Reason}. It is written anew")]
    private partial void LogUnreadable(string path, string reason);

    [LoggerMessage(EventId = 721, Level = LogLevel.Error, Message = "{Path} cannot be written, so a restart needs a seed: {Reason}")]
    private partial void LogUnwritable(string path, string reason);
}

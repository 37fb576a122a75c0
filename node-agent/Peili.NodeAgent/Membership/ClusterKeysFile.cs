using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Security;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>The keys of <c>--cluster-key-file</c>, read anew when the file changes.</summary>
internal sealed partial class ClusterKeysFile
{
    private readonly string? _path;
    private readonly ILogger<ClusterKeysFile> _logger;
    private string _fingerprint = string.Empty;

    /// <summary>Reads the file for the first time.</summary>
    /// <exception cref="InvalidDataException">It holds no usable keys; the message names file and line, never a key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ClusterKeysFile(AgentOptions options, ILogger<ClusterKeysFile> logger)
    {
        _path = options.ClusterKeyFile;
        _logger = logger;
        if (_path is not null)
        {
            var text = WatchedFiles.Read([_path]);
            _fingerprint = WatchedFiles.Fingerprint(text);
            Current = ClusterKeys.TryParse(text[0], out var keys, out var error)
                ? keys!
                : throw new InvalidDataException($"--cluster-key-file {_path}: {error}; each line is one key of 32 bytes in base64 (openssl rand -base64 32)");
        }
    }

    /// <summary>The first key seals, every one opens; none at all with --insecure.</summary>
    public ClusterKeys Current { get; private set; } = ClusterKeys.Insecure;

    /// <summary>Looks at the file again. A file that cannot be used changes nothing, and says so in the log once.</summary>
    /// <returns>True when <see cref="Current"/> is new.</returns>
    public bool Refresh()
    {
        if (_path is null)
        {
            return false;
        }

        string[] text;
        try
        {
            text = WatchedFiles.Read([_path]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Keep(string.Empty, exception.Message);
            return false;
        }

        var fingerprint = WatchedFiles.Fingerprint(text);
        if (fingerprint == _fingerprint)
        {
            return false;
        }

        if (!ClusterKeys.TryParse(text[0], out var keys, out var error))
        {
            Keep(fingerprint, error!);
            return false;
        }

        _fingerprint = fingerprint;
        Current = keys!;
        LogLoaded(_path);
        return true;
    }

    private void Keep(string fingerprint, string reason)
    {
        if (fingerprint != _fingerprint)
        {
            _fingerprint = fingerprint;
            LogKept(_path!, reason);
        }
    }

    [LoggerMessage(EventId = 700, Level = LogLevel.Information, Message = "Loaded new cluster keys from {Path}")]
    private partial void LogLoaded(string path);

    [LoggerMessage(EventId = 701, Level = LogLevel.Warning, Message = "The new {Path} cannot be used, the old keys go on: {Reason}")]
    private partial void LogKept(string path, string reason);
}

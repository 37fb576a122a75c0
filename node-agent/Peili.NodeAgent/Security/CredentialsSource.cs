using System.Security.Cryptography;
using Peili.AgentApi.Security;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Security;

/// <summary>
/// The credentials of <c>--tls-ca</c>, <c>--tls-cert</c> and <c>--tls-key</c>, read anew when the files change. Connections that stand are not touched:
/// a new certificate counts from the next handshake on.
/// </summary>
internal sealed partial class CredentialsSource
{
    private readonly string[] _paths;
    private readonly TimeProvider _time;
    private readonly ILogger<CredentialsSource> _logger;
    private volatile PeerCredentials _current;
    private string _fingerprint;

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="InvalidDataException">They do not make credentials; the message names them.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public CredentialsSource(TlsFiles files, TimeProvider time, ILogger<CredentialsSource> logger)
    {
        _paths = [files.Authorities, files.Certificate, files.Key];
        _time = time;
        _logger = logger;
        var texts = WatchedFiles.Read(_paths);
        _fingerprint = WatchedFiles.Fingerprint(texts);
        try
        {
            _current = PeerCredentials.Parse(texts[0], texts[1], texts[2]);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidDataException($"--tls-ca {_paths[0]}, --tls-cert {_paths[1]}, --tls-key {_paths[2]}: {exception.Message}", exception);
        }
    }

    /// <summary>What counts for a handshake that begins now.</summary>
    public PeerCredentials Current => _current;

    /// <summary>Follows the files until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchedFiles.Period, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            Follow();
        }
    }

    private void Follow()
    {
        try
        {
            var texts = WatchedFiles.Read(_paths);
            var fingerprint = WatchedFiles.Fingerprint(texts);
            if (fingerprint == _fingerprint)
            {
                return;
            }

            _fingerprint = fingerprint;
            _current = PeerCredentials.Parse(texts[0], texts[1], texts[2]);
            LogLoaded(_current.ValidUntil);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Half of a rotation may be written: the files are looked at again in a moment, and what is loaded goes on.
            LogKept(exception.Message);
        }
    }

    [LoggerMessage(EventId = 600, Level = LogLevel.Information, Message = "Loaded a new certificate, valid until {Until:u}")]
    private partial void LogLoaded(DateTime until);

    [LoggerMessage(EventId = 601, Level = LogLevel.Warning, Message = "The new TLS files cannot be used, the old ones go on: {Reason}")]
    private partial void LogKept(string reason);
}

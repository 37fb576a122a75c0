using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peili.Hosting;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Security;

namespace Peili.NodeAgent.Metrics;

/// <summary>Certificate and tokens of the metrics listener, read anew when the files change.</summary>
internal sealed partial class MetricsCredentials
{
    private readonly string[] _paths;
    private readonly MetricsFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger<MetricsCredentials> _logger;
    private volatile Loaded _current;
    private string _fingerprint;

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="InvalidDataException">They do not make credentials; the message names them, and never what a secret holds.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public MetricsCredentials(MetricsFiles files, TimeProvider time, ILogger<MetricsCredentials> logger)
    {
        _files = files;
        _time = time;
        _logger = logger;
        _paths = [.. new[] { files.Token, files.Certificate, files.Key }.OfType<string>()];
        var texts = WatchedFiles.Read(_paths);
        _fingerprint = WatchedFiles.Fingerprint(texts);
        try
        {
            _current = Parse(texts);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            throw new InvalidDataException($"the files of --metrics-address ({string.Join(", ", _paths)}): {exception.Message}", exception);
        }
    }

    /// <summary>Who may scrape; null for everybody.</summary>
    public BearerTokens? Tokens => _current.Tokens;

    /// <summary>How a handshake that begins now is answered.</summary>
    public SslServerAuthenticationOptions ForServer() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ServerCertificateContext = _current.Certificate,
        AllowRenegotiation = false,
    };

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
            _current = Parse(texts);
            LogLoaded();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or FormatException)
        {
            // Half of a rotation may be written: the files are looked at again in a moment, and what is loaded goes on.
            LogKept(exception.Message);
        }
    }

    private Loaded Parse(string[] texts)
    {
        var tokens = _files.Token is null ? null : BearerTokens.Parse(texts[0]);
        if (_files.Certificate is null)
        {
            return new Loaded(tokens, null);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(texts[^2]);
        return new Loaded(tokens, SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(texts[^2], texts[^1]), chain, offline: true));
    }

    [LoggerMessage(EventId = 620, Level = LogLevel.Information, Message = "Loaded the metrics listener's certificate and token anew")]
    private partial void LogLoaded();

    [LoggerMessage(EventId = 621, Level = LogLevel.Warning, Message = "The metrics listener's new files cannot be used, the old ones go on: {Reason}")]
    private partial void LogKept(string reason);

    private sealed record Loaded(BearerTokens? Tokens, SslStreamCertificateContext? Certificate);
}

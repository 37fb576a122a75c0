using System.Security.Cryptography.X509Certificates;

namespace Peili.Kubernetes.Configuration;

/// <summary>A token in a file that others replace: read again after a minute, and when the server refuses it.</summary>
internal sealed class TokenFileCredentials(string path, X509Certificate2? certificate, TimeProvider time) : ICredentialSource
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Credential? _current;
    private long _readAt;

    public ValueTask<Credential> GetAsync(Credential? rejected, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_current is null || ReferenceEquals(_current, rejected) || time.GetElapsedTime(_readAt) >= s_lifetime)
            {
                Read();
            }

            return new(_current!);
        }
    }

    private void Read()
    {
        try
        {
            var authorization = $"Bearer {File.ReadAllText(path).Trim()}";
            if (_current?.Authorization != authorization)
            {
                _current = new Credential(authorization, certificate);
            }

            _readAt = time.GetTimestamp();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // While a file is being replaced, the last token is as good as it ever was.
            _ = _current ?? throw new KubeConfigException($"{path}: the token cannot be read: {exception.Message}", exception);
        }
    }
}

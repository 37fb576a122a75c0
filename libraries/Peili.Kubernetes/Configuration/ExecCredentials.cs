using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Configuration;

/// <summary>Credentials that a program prints; kept until they expire or the server refuses them.</summary>
internal sealed class ExecCredentials(ExecConfig exec, Cluster cluster, TimeProvider time) : ICredentialSource, IDisposable
{
    private const int MaxOutput = 1024 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);
    private static readonly string[] s_versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    private readonly SemaphoreSlim _running = new(1);
    private Credential? _current;
    private DateTimeOffset? _expires;

    public async ValueTask<Credential> GetAsync(Credential? rejected, CancellationToken cancellationToken)
    {
        await _running.WaitAsync(cancellationToken);
        try
        {
            if (_current is null || ReferenceEquals(_current, rejected) || _expires <= time.GetUtcNow())
            {
                var status = Check(await RunAsync(cancellationToken));
                (_current, _expires) = (ToCredential(status), status.ExpirationTimestamp);
            }

            return _current;
        }
        finally
        {
            _running.Release();
        }
    }

    public void Dispose() => _running.Dispose();

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        if (!s_versions.Contains(exec.ApiVersion))
        {
            throw Wrong($"has apiVersion {exec.ApiVersion}, must be {string.Join(" or ", s_versions)}");
        }

        if (exec.InteractiveMode == "Always")
        {
            throw Wrong("wants to ask a person (interactiveMode: Always), and there is no terminal");
        }

        using var limit = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start();
        try
        {
            process.StandardInput.Close();
            var output = await ReadAsync(process.StandardOutput, either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 ? output : throw Wrong($"ended with status {process.ExitCode}");
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new KubeConfigException(Wrong($"took more than {s_timeout.TotalSeconds:F0} s").Message, exception);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    // Standard error is the caller's: what a plugin has to say to a person gets there.
    private Process Start()
    {
        var start = new ProcessStartInfo(exec.Command, exec.Args)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in exec.Env)
        {
            start.Environment[name] = value;
        }

        var told = new ExecCredential { ApiVersion = exec.ApiVersion, Kind = "ExecCredential", Spec = new ExecCredentialSpec(false, ToldCluster()) };
        start.Environment["KUBERNETES_EXEC_INFO"] = JsonSerializer.Serialize(told, ModelJson.Default.ExecCredential);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            var hint = exec.InstallHint is { } text ? $"\n{text}" : "";
            throw new KubeConfigException(Wrong($"cannot be started: {exception.Message}{hint}").Message, exception);
        }
    }

    private async Task<string> ReadAsync(StreamReader output, CancellationToken cancellationToken)
    {
        var buffer = new char[MaxOutput + 1];
        var length = await output.ReadBlockAsync(buffer, cancellationToken);
        return length <= MaxOutput ? new string(buffer, 0, length) : throw Wrong($"printed more than {MaxOutput} characters");
    }

    private ExecCluster? ToldCluster() => !exec.ProvideClusterInfo ? null : new ExecCluster
    {
        Server = cluster.Server.OriginalString,
        TlsServerName = cluster.TlsServerName,
        InsecureSkipTlsVerify = cluster.InsecureSkipTlsVerify,
        CertificateAuthorityData = ServerTrust.PemOf(cluster) is { } pem ? Encoding.UTF8.GetBytes(pem) : null,
        ProxyUrl = cluster.ProxyUrl?.OriginalString,
    };

    private ExecCredentialStatus Check(string output)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(output, ModelJson.Default.ExecCredential);
            return answer switch
            {
                not { Kind: "ExecCredential" } => throw Wrong("printed something else than an ExecCredential"),
                { ApiVersion: var version } when version != exec.ApiVersion => throw Wrong($"printed apiVersion {version}, must be {exec.ApiVersion}"),
                { Status: null or { Token: null or "", ClientCertificateData: null or "" } } => throw Wrong("printed neither token nor certificate"),
                { Status: { } status } => status,
            };
        }
        catch (JsonException exception)
        {
            throw new KubeConfigException(Wrong("printed something else than an ExecCredential").Message, exception);
        }
    }

    private Credential ToCredential(ExecCredentialStatus status)
    {
        try
        {
            return new Credential(
                status.Token is { Length: > 0 } token ? $"Bearer {token}" : null,
                status.ClientCertificateData is { Length: > 0 } certificate ? X509Certificate2.CreateFromPem(certificate, status.ClientKeyData) : null);
        }
        catch (CryptographicException exception)
        {
            throw new KubeConfigException(Wrong($"printed a certificate or key that is none: {exception.Message}").Message, exception);
        }
    }

    private KubeConfigException Wrong(string message) => new($"the credential plugin {exec.Command} {message}");
}

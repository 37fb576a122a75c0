using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peili.Kubernetes.Configuration;

/// <summary>Where the API server is and who calls it.</summary>
public sealed record KubernetesClientConfiguration
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The cluster.</summary>
    public required Cluster Cluster { get; init; }

    /// <summary>Who calls.</summary>
    public required ICredentialSource Credentials { get; init; }

    /// <summary>As whom; null for the caller itself.</summary>
    public Impersonation? Impersonation { get; init; }

    /// <summary>The namespace that is meant where none is said.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Whether this process runs in a pod with a service account.</summary>
    public static bool IsInCluster => ServiceAddress(Environment.GetEnvironmentVariable) is not null && File.Exists($"{ServiceAccount}/token");

    /// <summary>
    /// What kubectl would use: KUBECONFIG, else ~/.kube/config, else the pod's service account.
    /// </summary>
    /// <param name="context">The context; null for the current one. One that is named is never the pod's service account.</param>
    /// <param name="time">The clock of tokens.</param>
    /// <exception cref="KubeConfigException">There is none, or it is wrong.</exception>
    public static KubernetesClientConfiguration BuildDefaultConfig(string? context = null, TimeProvider? time = null) =>
        KubeConfig.LoadDefault() is { } config ? Build(config, context, time)
        : context is null ? InClusterConfig(time)
        : throw new KubeConfigException($"there is no kubeconfig that could have a context \"{context}\": set KUBECONFIG");

    /// <summary>The service account of the pod that this process runs in.</summary>
    /// <exception cref="KubeConfigException">It does not run in a pod.</exception>
    public static KubernetesClientConfiguration InClusterConfig(TimeProvider? time = null) =>
        InClusterConfig(Environment.GetEnvironmentVariable, ServiceAccount, time ?? TimeProvider.System);

    /// <summary>A context of a kubeconfig.</summary>
    /// <param name="config">The kubeconfig.</param>
    /// <param name="context">The context; null for the current one.</param>
    /// <param name="time">The clock of tokens.</param>
    /// <exception cref="KubeConfigException">The context is missing, or something in it is wrong.</exception>
    public static KubernetesClientConfiguration Build(KubeConfig config, string? context = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var (cluster, user, inNamespace) = config.Resolve(context);
        return new KubernetesClientConfiguration
        {
            Cluster = cluster,
            Credentials = CredentialsOf(user, cluster, time ?? TimeProvider.System),
            Impersonation = user.Impersonation,
            Namespace = inNamespace,
        };
    }

    internal static KubernetesClientConfiguration InClusterConfig(Func<string, string?> environment, string serviceAccount, TimeProvider time)
    {
        var server = ServiceAddress(environment)
            ?? throw new KubeConfigException("not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set (or KUBECONFIG, outside)");
        var namespaceFile = Path.Combine(serviceAccount, "namespace");
        return new KubernetesClientConfiguration
        {
            Cluster = new Cluster { Server = server, CertificateAuthority = Path.Combine(serviceAccount, "ca.crt") },
            Credentials = new TokenFileCredentials(Path.Combine(serviceAccount, "token"), null, time),
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "default",
        };
    }

    private static Uri? ServiceAddress(Func<string, string?> environment)
    {
        var (host, port) = (environment("KUBERNETES_SERVICE_HOST"), environment("KUBERNETES_SERVICE_PORT"));
        return host is { Length: > 0 } && port is { Length: > 0 }
            ? new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}")
            : null;
    }

    private static ICredentialSource CredentialsOf(User user, Cluster cluster, TimeProvider time)
    {
        var certificate = CertificateOf(user);
        return user switch
        {
            { TokenFile: { } file } => new TokenFileCredentials(file, certificate, time),
            { Token: { } token } => new FixedCredentials(new Credential($"Bearer {token}", certificate)),
            { Username: { } name } => new FixedCredentials(
                new Credential($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Password}"))}", certificate)),
            { Exec: { } exec } => new ExecCredentials(exec, cluster, time),
            _ => new FixedCredentials(certificate is null ? Credential.None : new Credential(null, certificate)),
        };
    }

    private static X509Certificate2? CertificateOf(User user)
    {
        if (user is { ClientCertificate: null, ClientCertificateData: null })
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(
                user.ClientCertificateData ?? File.ReadAllText(user.ClientCertificate!),
                user.ClientKeyData ?? (user.ClientKey is { } key ? File.ReadAllText(key) : throw new KubeConfigException("client-certificate is set: client-key must be, too")));
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"the client certificate or its key cannot be read: {exception.Message}", exception);
        }
    }
}

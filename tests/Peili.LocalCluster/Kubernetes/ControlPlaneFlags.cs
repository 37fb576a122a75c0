using System.Net;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>What etcd and kube-apiserver are told, wherever they run.</summary>
internal static class ControlPlaneFlags
{
    /// <summary>Where the service <c>kubernetes</c> is, the first address of the services' range.</summary>
    internal static readonly IPAddress ServiceAddress = IPAddress.Parse("10.96.0.1");

    /// <summary>The services' range.</summary>
    internal const string ServiceRange = "10.96.0.0/24";

    /// <summary>etcd takes each of its options from the environment as well.</summary>
    internal static Dictionary<string, string> Etcd(string directory, string client, string peer) => new(StringComparer.Ordinal)
    {
        ["ETCD_NAME"] = "test",
        ["ETCD_DATA_DIR"] = Path.Combine(directory, "etcd"),
        ["ETCD_UNSAFE_NO_FSYNC"] = "true",
        ["ETCD_LOGGER"] = "zap",
        ["ETCD_LOG_LEVEL"] = "error",
        ["ETCD_LISTEN_CLIENT_URLS"] = client,
        ["ETCD_ADVERTISE_CLIENT_URLS"] = client,
        ["ETCD_LISTEN_PEER_URLS"] = peer,
        ["ETCD_INITIAL_ADVERTISE_PEER_URLS"] = peer,
        ["ETCD_INITIAL_CLUSTER"] = $"test={peer}",
    };

    internal static IReadOnlyList<string> ApiServer(ControlPlaneFiles files, string etcd, IPAddress address, int port) =>
    [
        $"--etcd-servers={etcd}",
        $"--bind-address={address}",
        $"--advertise-address={address}",
        $"--secure-port={port}",
        $"--tls-cert-file={files.PathOf("apiserver.crt")}",
        $"--tls-private-key-file={files.PathOf("apiserver.key")}",
        $"--client-ca-file={files.CertificateAuthority}",
        $"--token-auth-file={files.PathOf("tokens.csv")}",
        $"--service-account-key-file={files.PathOf("service-accounts.key")}",
        $"--service-account-signing-key-file={files.PathOf("service-accounts.key")}",
        "--service-account-issuer=https://kubernetes.default.svc",
        $"--service-cluster-ip-range={ServiceRange}",
        "--authorization-mode=Node,RBAC",
        "--allow-privileged=true",
    ];
}

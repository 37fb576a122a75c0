using Peili.Kubernetes.Configuration;

namespace Peili.Kubernetes.Tests.Configuration;

public sealed class KubeConfigTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("peili-kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Every_field_of_a_context_is_read()
    {
        var (cluster, user, inNamespace) = KubeConfig.Load(Write(
            "config",
            """
            apiVersion: v1
            kind: Config
            preferences: {}
            current-context: one
            contexts:
            - {name: one, context: {cluster: c, user: u, namespace: team}}
            clusters:
            - name: c
              cluster:
                server: https://10.0.0.1:6443/prefix
                tls-server-name: kubernetes
                certificate-authority: pki/ca.crt
                certificate-authority-data: UEVN
                proxy-url: socks5://127.0.0.1:1080
                insecure-skip-tls-verify: true
            users:
            - name: u
              user:
                tokenFile: token
                token: "123"
                as: jane
                as-uid: "7"
                as-groups: [a, b]
                as-user-extra: {scopes: [x, y]}
            """)).Resolve();

        inNamespace.ShouldBe("team");
        cluster.ShouldBe(new Cluster
        {
            Server = new Uri("https://10.0.0.1:6443/prefix"),
            TlsServerName = "kubernetes",
            CertificateAuthority = Path.Combine(_directory, "pki/ca.crt"),
            CertificateAuthorityData = "PEM",
            ProxyUrl = new Uri("socks5://127.0.0.1:1080"),
            InsecureSkipTlsVerify = true,
        });
        user.TokenFile.ShouldBe(Path.Combine(_directory, "token"));
        user.Token.ShouldBe("123");
        user.Impersonation.ShouldNotBeNull();
        (user.Impersonation.User, user.Impersonation.Uid).ShouldBe(("jane", "7"));
        user.Impersonation.Groups.ShouldBe(["a", "b"]);
        user.Impersonation.Extra["scopes"].ShouldBe(["x", "y"]);
    }

    [Fact]
    public void Of_several_files_the_first_that_says_something_counts()
    {
        var first = Write("first", "clusters: [{name: c, cluster: {server: 'https://first'}}]\nusers: []");
        var second = Write(
            "second",
            """
            current-context: two
            clusters: [{name: c, cluster: {server: 'https://second'}}, {name: d, cluster: {server: 'https://d'}}]
            contexts: [{name: one, context: {cluster: c}}, {name: two, context: {cluster: d}}]
            """);

        var config = KubeConfig.LoadList($"{first}:{_directory}/missing:{second}");

        config.CurrentContext.ShouldBe("two");
        config.Resolve().Cluster.Server.ShouldBe(new Uri("https://d"));
        config.Resolve("one").Cluster.Server.ShouldBe(new Uri("https://first"));
        config.Resolve("one").Namespace.ShouldBe("default");
    }

    [Fact]
    public void A_json_kubeconfig_is_read_too() =>
        KubeConfig.Load(Write(
            "config",
            """{"current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "b"}}], "clusters": [{"name": "b", "cluster": {"server": "https://b"}}]}"""))
            .Resolve().Cluster.Server.Host.ShouldBe("b");

    [Theory]
    [InlineData("clusters: 3", "config:1: clusters must be a list")]
    [InlineData("clusters: [{name: c}]\ncontexts: [{name: x, context: {cluster: c}}]", "config:1: clusters[0].cluster must be set")]
    [InlineData("contexts: [{name: x, context: {cluster: c}}]", "the kubeconfig has no cluster \"c\"")]
    [InlineData("contexts: [{name: y, context: {cluster: c}}]", "the kubeconfig has no context \"x\"; it has: y")]
    [InlineData("clusters: [{name: c, cluster: {server: nowhere}}]\ncontexts: [{name: x, context: {cluster: c}}]", "server must be a URL")]
    [InlineData(
        "clusters: [{name: c, cluster: {server: 'https://c'}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {auth-provider: {name: gcp}}}]",
        "use an exec plugin")]
    [InlineData(
        "clusters: [{name: c, cluster: {server: 'https://c', certificate-authority-data: '?'}}]\ncontexts: [{name: x, context: {cluster: c}}]",
        "certificate-authority-data must be base64")]
    [InlineData("a: [", "is not YAML")]
    public void What_is_wrong_is_named(string text, string message) =>
        Should.Throw<KubeConfigException>(() => KubeConfig.Load(Write("config", text)).Resolve("x")).Message.ShouldContain(message);

    [Fact]
    public void A_wrong_user_does_not_hinder_the_others() =>
        KubeConfig.Load(Write(
            "config",
            "users: [{name: u, user: 3}]\nclusters: [{name: c, cluster: {server: 'https://c'}}]\ncontexts: [{name: x, context: {cluster: c}}]"))
            .Resolve("x").User.ShouldBe(new User());

    [Fact]
    public void In_a_pod_the_service_account_counts()
    {
        Write("token", "secret\n");
        Write("namespace", "peili-system");
        var environment = new Dictionary<string, string> { ["KUBERNETES_SERVICE_HOST"] = "fd00::1", ["KUBERNETES_SERVICE_PORT"] = "443" };

        var configuration = KubernetesClientConfiguration.InClusterConfig(environment.GetValueOrDefault, _directory, TimeProvider.System);

        configuration.Cluster.Server.ShouldBe(new Uri("https://[fd00::1]:443"));
        configuration.Cluster.CertificateAuthority.ShouldBe(Path.Combine(_directory, "ca.crt"));
        configuration.Namespace.ShouldBe("peili-system");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}

using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;
using Peili.LocalCluster.Security;
using Peili.NodeAgent.Tests.Support;

namespace Peili.Kubernetes.Tests.Rest;

/// <summary>What changes under a client that goes on: the server's authority, its own certificate. A server that does TLS alone stands in.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("peili-connection-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task An_authority_that_is_exchanged_in_a_pods_folder_counts_for_the_next_connection()
    {
        using var old = new CertificateAuthority();
        using var next = new CertificateAuthority();
        await using var server = await TlsServer.StartAsync(old);

        // As kubelet mounts what changes: ca.crt -> ..data/ca.crt, ..data -> a folder that is exchanged.
        Mount("1", old.Pem);
        File.CreateSymbolicLink(At("ca.crt"), "..data/ca.crt");
        using var client = new KubernetesClient(new KubernetesClientConfiguration
        {
            Cluster = new Cluster { Server = server.Address, CertificateAuthority = At("ca.crt") },
            Credentials = new FixedCredentials(Credential.None),
        });
        await AskAsync(client);

        server.Follow(next);
        (await Should.ThrowAsync<KubernetesException>(() => AskAsync(client))).Message.ShouldContain("no answer");
        Mount("2", next.Pem);
        await AskAsync(client);

        Mount("3", "nothing\n");
        (await Should.ThrowAsync<KubernetesException>(() => AskAsync(client))).Message.ShouldContain("no answer");
        File.Delete(At("..data"));
        (await Should.ThrowAsync<KubernetesException>(() => AskAsync(client))).Message.ShouldContain("ca.crt: the certificate authority cannot be read");
        Mount("4", next.Pem + old.Pem);
        await AskAsync(client);
    }

    [Fact]
    public async Task A_certificate_that_a_plugin_renews_is_shown_from_then_on()
    {
        using var authority = new CertificateAuthority();
        await using var server = await TlsServer.StartAsync(authority);
        var time = new ManualTimeProvider();
        File.WriteAllText(At("ca.crt"), authority.Pem);
        File.WriteAllText(
            At("config"),
            $"""
             current-context: x
             contexts:
             - name: x
               context:
                 cluster: c
                 user: u
             clusters:
             - name: c
               cluster:
                 server: {server.Address}
                 certificate-authority: ca.crt
             users:
             - name: u
               user:
                 exec:
                   apiVersion: client.authentication.k8s.io/v1
                   command: cat
                   args: [{At("answer")}]
             """);
        using var client = new KubernetesClient(KubernetesClientConfiguration.Build(KubeConfig.Load(At("config")), null, time));

        var first = Issue(authority, time.GetUtcNow().AddMinutes(10));
        (await AskAsync(client)).ShouldBe(first);
        var second = Issue(authority, time.GetUtcNow().AddMinutes(20));
        (await AskAsync(client)).ShouldBe(first, "it is still good");
        time.Advance(TimeSpan.FromMinutes(10));
        var both = await Task.WhenAll(AskAsync(client), AskAsync(client), AskAsync(client));
        both.ShouldAllBe(shown => shown == second);
    }

    private static async Task<string> AskAsync(KubernetesClient client) => (await client.GetAsync(ConfigMap.ResourceKind, new("n", "a"), Cancellation))!.Metadata.Uid!;

    private string At(string name) => Path.Combine(_directory, name);

    private void Mount(string version, string authorities)
    {
        Directory.CreateDirectory(At($"..{version}"));
        File.WriteAllText(At($"..{version}/ca.crt"), authorities);
        File.Delete(At("..data"));
        File.CreateSymbolicLink(At("..data"), $"..{version}");
    }

    /// <summary>Has the plugin answer with a new certificate, and returns its thumbprint.</summary>
    private string Issue(CertificateAuthority authority, DateTimeOffset expires)
    {
        var (certificate, key) = authority.Issue();
        File.WriteAllText(At("answer"), new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["kind"] = "ExecCredential",
            ["status"] = new JsonObject { ["clientCertificateData"] = certificate, ["clientKeyData"] = key, ["expirationTimestamp"] = $"{expires:O}" },
        }.ToJsonString());
        using var read = X509Certificate2.CreateFromPem(certificate);
        return read.Thumbprint;
    }
}

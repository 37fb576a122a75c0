using System.Net.Security;
using System.Net.Sockets;
using Peili.LocalCluster;
using Peili.LocalCluster.Security;

namespace Peili.Pulls.Tests;

/// <summary>Who does not belong to the cluster is refused, counted by reason, and changes nothing.</summary>
public sealed class RefusalTests(Cluster1_6 nodes) : ClusterTest(nodes), IClassFixture<Cluster1_6>
{
    [Fact]
    public async Task The_datagrams_of_an_agent_with_another_key_are_dropped_and_counted()
    {
        await PrepareAsync();
        await ReplaceThirdAsync(files => files.WriteKeys(SecurityFiles.NewKey()));

        await EventuallyAsync(async () => await CountAsync(Nodes.First, "dropped", "unknownKey") > 0);

        // Its certificate is good: it takes part over TCP, as one whose datagrams a firewall drops.
        await EventuallyAsync(async () => (await MirroredCluster.ReadStatusAsync(Nodes.First, Cancelled)).GetProperty("overlay").GetProperty("members").EnumerateArray()
            .Any(member => member.GetProperty("name").GetString() == Nodes.Third.Name && member.GetProperty("condition").GetString() == "UdpBlocked"));
    }

    [Theory]
    [InlineData("another CA", "unknownAuthority")]
    [InlineData("expired", "notTimeValid")]
    [InlineData("no identity", "unknownIdentity")]
    public async Task An_agent_with_a_wrong_certificate_is_refused_and_counted(string wrong, string reason)
    {
        await PrepareAsync();
        using var other = new CertificateAuthority();
        await ReplaceThirdAsync(files => files.WriteCertificate(wrong switch
        {
            "another CA" => other.Issue(),
            "expired" => Nodes.Authority.Issue(validUntil: DateTimeOffset.UtcNow.AddDays(-1)),
            _ => Nodes.Authority.Issue(identity: null),
        }));

        await EventuallyAsync(async () => await CountAsync(Nodes.First, "refused", reason) + await CountAsync(Nodes.Second, "refused", reason) > 0);
    }

    [Fact]
    public async Task A_client_without_a_certificate_gets_no_answer_and_is_counted()
    {
        await PrepareAsync();
        var before = await CountAsync(Nodes.First, "refused", "noCertificate");
        using var socket = await Nodes.Second.Machine.ConnectAsync(Nodes.First.Agent.AdvertisedEndpoint, Cancelled);
        await using var connection = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);

        // A TLS 1.3 client learns after its handshake only that it was refused.
        await Should.ThrowAsync<IOException>(async () =>
        {
            await connection.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "peili" }, Cancelled);
            await connection.WriteAsync("GET /v2/ HTTP/1.1\r\nHost: peili\r\n\r\n"u8.ToArray(), Cancelled);
            if (await connection.ReadAsync(new byte[1], Cancelled) == 0)
            {
                throw new IOException("closed without an answer");
            }
        });

        await EventuallyAsync(async () => await CountAsync(Nodes.First, "refused", "noCertificate") > before);
    }

    /// <summary>Starts the third agent anew with files of its own, the cluster's authorities and keys but for what <paramref name="change"/> changes.</summary>
    private async Task ReplaceThirdAsync(Action<SecurityFiles> change)
    {
        await Nodes.Third.Agent.StopAsync(Cancelled);
        var files = new SecurityFiles(Path.Combine(Nodes.Cluster.Directory, $"wrong{MirroredCluster.NextSeed()}"), Nodes.Authority);
        files.WriteKeys(Nodes.Key);
        change(files);
        await Nodes.Third.Agent.StartAsync(Nodes.OptionsOf() with { Security = files }, Cancelled);
    }

    private static async Task<long> CountAsync(ClusterNode node, string kind, string reason) =>
        (await MirroredCluster.ReadStatusAsync(node, Cancelled)).GetProperty("overlay").GetProperty(kind).TryGetProperty(reason, out var count) ? count.GetInt64() : 0;
}

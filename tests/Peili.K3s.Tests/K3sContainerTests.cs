using Peili.LocalCluster.Kubernetes;

namespace Peili.K3s.Tests;

public sealed class K3sContainerTests
{
    private const string Serve =
        """
        echo "started with $*"
        /bin/busybox httpd -p 6443 -h /www
        echo 'level=info msg="Node controller sync successful"'
        exec /bin/busybox sleep infinity
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_has_started_when_it_says_so_its_kubeconfig_leads_to_it_and_it_goes_when_disposed()
    {
        await SkipAsync();
        await using var image = await StandInImage.BuildAsync(Serve, Cancellation);
        string name;
        await using (var k3s = new K3sBuilder().WithImage(image.Name).Build())
        {
            name = k3s.Name;
            await k3s.StartAsync(Cancellation);

            (await k3s.GetLogsAsync(Cancellation)).ShouldContain("started with server --disable=traefik");
            var port = await k3s.GetMappedPublicPortAsync(K3sBuilder.KubeSecurePort, Cancellation);
            (await k3s.GetKubeconfigAsync(Cancellation)).ShouldContain($"server: 'https://127.0.0.1:{port}'");
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            (await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/readyz"), Cancellation)).ShouldBe("ok");
        }

        (await DockerCommand.RunAsync(["inspect", name], Cancellation)).ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task A_container_that_ends_at_once_is_reported_with_what_it_wrote()
    {
        await SkipAsync();
        await using var image = await StandInImage.BuildAsync("echo no such luck; exit 3", Cancellation);
        await using var k3s = new K3sBuilder().WithImage(image.Name).Build();

        (await Should.ThrowAsync<InvalidOperationException>(k3s.StartAsync(Cancellation))).Message.ShouldContain("no such luck");
    }

    [Fact]
    public async Task The_real_k3s_comes_up_and_its_node_is_ready()
    {
        Assert.SkipWhen(await DockerCommand.WhyNotAsync() is not null, await DockerCommand.WhyNotAsync() ?? "");
        Assert.SkipUnless(
            (await DockerCommand.RunAsync(["image", "inspect", K3sBuilder.K3sImage], Cancellation)).ExitCode == 0,
            $"{K3sBuilder.K3sImage} is not on this machine (docker pull)");
        await using var k3s = new K3sBuilder().Build();

        await k3s.StartAsync(Cancellation);

        var ready = await k3s.ExecAsync(["kubectl", "wait", "node", "--all", "--for=condition=Ready", "--timeout=180s"], Cancellation);
        ready.OutputOrThrow("kubectl wait").ShouldContain("condition met");
        (await k3s.GetKubeconfigAsync(Cancellation)).ShouldContain("client-certificate-data");
    }

    private static async Task SkipAsync()
    {
        Assert.SkipWhen(await DockerCommand.WhyNotAsync() is not null, await DockerCommand.WhyNotAsync() ?? "");
        Assert.SkipUnless(File.Exists(KubernetesCluster.Busybox), "there is no busybox to make an image of (make tools)");
    }
}

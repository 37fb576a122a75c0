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

            await k3s.CopyAsync(typeof(K3sContainer).Assembly.Location, "/copied", Cancellation);
            var size = new FileInfo(typeof(K3sContainer).Assembly.Location).Length;
            (await k3s.ExecAsync(["/bin/busybox", "stat", "-c", "%s", "/copied"], Cancellation)).Output.Trim().ShouldBe($"{size}");
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

    private static async Task SkipAsync()
    {
        Assert.SkipWhen(await DockerCommand.WhyNotAsync() is not null, await DockerCommand.WhyNotAsync() ?? "");
        Assert.SkipUnless(File.Exists(KubernetesCluster.Busybox), "there is no busybox to make an image of (make tools)");
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Rest;
using Peili.Operator.Commands;
using Peili.Operator.Mirrors;
using Peili.Operator.Tests.Support;

namespace Peili.Operator.Tests;

/// <summary>What has to be done before the operator goes, and what before its first RegistryMirror comes: the Helm chart's two Jobs.</summary>
public sealed class ReleaseTests(SharedControlPlane shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_RegistryMirror_is_deleted_and_every_node_given_back_before_it_returns()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a", labels: ("pool", "one"));
        var b = await scene.AddNodeAsync("b", labels: ("pool", "two"));
        await scene.ApplyAsync("one", Selecting("one"));
        await scene.ApplyAsync("two", Selecting("two"));
        await scene.ConditionAsync("Ready", "True", "one");
        await scene.ConditionAsync("Ready", "True", "two");
        using var output = new StringWriter();

        await new MirrorRemoval(scene.Client, TimeProvider.System, output).RunAsync(TimeSpan.FromMinutes(1), Cancellation);

        (await scene.MirrorAsync("one")).ShouldBeNull();
        (await scene.MirrorAsync("two")).ShouldBeNull();
        a.Orders.ShouldBe(["Release"]);
        b.Orders.ShouldBe(["Release"]);
        output.ToString().ShouldStartWith("waiting for RegistryMirror one: ");
        output.ToString().ShouldContain("RegistryMirror two: ");
        output.ToString().ShouldContain("no RegistryMirror is left; ");
    }

    [Fact]
    public async Task Without_an_operator_it_says_what_it_waited_for_and_an_operator_that_comes_back_goes_on()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.StopOperatorAsync();
        var removal = new MirrorRemoval(scene.Client, TimeProvider.System, TextWriter.Null);

        var exception = await Should.ThrowAsync<TimeoutException>(() => removal.RunAsync(TimeSpan.FromSeconds(1), Cancellation));

        exception.Message.ShouldContain("RegistryMirror default: The operator has not looked at it yet.");
        exception.Message.ShouldContain("Does the operator run?");
        a.Orders.ShouldBeEmpty();
        await scene.StartOperatorAsync();
        await removal.RunAsync(TimeSpan.FromMinutes(1), Cancellation);
        a.Orders.ShouldBe(["Release"]);
    }

    [Fact]
    public async Task A_definition_that_is_not_served_yet_is_waited_for_and_one_that_is_gone_needs_no_release()
    {
        // A fake, for no server can be told to take its time.
        var asked = 0;
        await using var server = await StartAsync(() => Interlocked.Increment(ref asked) > 2);
        using var client = await ConnectAsync(server);

        await WaitCommand.RunAsync(client, TimeProvider.System, TimeSpan.FromMinutes(1), Cancellation);
        asked.ShouldBe(3);

        await using var without = await StartAsync(() => false);
        using var other = await ConnectAsync(without);
        (await Should.ThrowAsync<TimeoutException>(() => WaitCommand.RunAsync(other, TimeProvider.System, TimeSpan.FromMilliseconds(1), Cancellation)))
            .Message.ShouldContain("kubectl describe crd registrymirrors.peili.dev");
        await new MirrorRemoval(other, TimeProvider.System, TextWriter.Null).RunAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    [Theory]
    [InlineData("release")]
    [InlineData("wait")]
    public async Task A_timeout_that_is_none_is_refused(string command) =>
        (await OperatorCommandLine.RunAsync([command, "--timeout", "soon"])).ShouldBe(64);

    private static JsonObject Selecting(string pool) => new() { ["nodeSelector"] = new JsonObject { ["pool"] = pool } };

    private static async Task<WebApplication> StartAsync(Func<bool> isServed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(http =>
        {
            http.Response.StatusCode = isServed() ? (int)HttpStatusCode.OK : (int)HttpStatusCode.NotFound;
            return http.Response.WriteAsync(http.Response.StatusCode == 200 ? """{"metadata":{"resourceVersion":"1"},"items":[]}""" : "404 page not found");
        });
        await server.StartAsync(Cancellation);
        return server;
    }

    private static async Task<KubernetesClient> ConnectAsync(WebApplication server)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                $$$"""
                {
                  "current-context": "fake", "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
                  "clusters": [{"name": "fake", "cluster": {"server": "{{{server.Urls.Single()}}}"}}], "users": [{"name": "fake", "user": {}}]
                }
                """,
                Cancellation);
            return new KubernetesClient(KubernetesClientConfiguration.Build(KubeConfig.Load(file)));
        }
        finally
        {
            File.Delete(file);
        }
    }
}

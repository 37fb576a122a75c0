using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Peili.Containerd.Tests.Support;
using Peili.Kubernetes.Models;
using Peili.NodeAgent.Tests.Metrics;
using Peili.Operator.Metrics;
using Peili.Operator.Resources;
using Peili.Operator.Tests.Support;
using Peili.Prometheus.Tests.Support;

namespace Peili.Operator.Tests;

/// <summary>The operator's metrics as Prometheus gets them: under the installation's CA, by the name of the certificate, with the Secret's token.</summary>
public sealed class OperatorMetricsTests(SharedControlPlane shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_leader_tells_how_the_cluster_stands_and_every_metric_is_documented()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.AddNodeAsync("windows", runtime: "docker://20.10.0");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.NodeIsReadyAsync("a");

        IReadOnlyDictionary<string, ExpositionFamily> scraped = new Dictionary<string, ExpositionFamily>();
        await Eventually.IsTrueAsync(
            async () =>
            {
                scraped = await ScrapeAsync(scene);
                return Value(scraped, "peili_operator_nodes", ("flavor", "kubeadm"), ("verdict", "compatible"), ("ready", "true")) == 1;
            },
            "the node is counted");

        Value(scraped, "peili_operator_leader").ShouldBe(1);
        Value(scraped, "peili_operator_synced").ShouldBe(1);
        Value(scraped, "peili_operator_mirrors", ("ready", "true")).ShouldBe(1);
        Value(scraped, "peili_operator_api_requests_total", ("method", "GET"), ("code", "200")).ShouldBeGreaterThan(0);
        Value(scraped, "peili_operator_api_requests_total", ("method", "PATCH"), ("code", "200")).ShouldBeGreaterThan(0);
        foreach (var controller in new[] { "installation", "mirror", "node" })
        {
            scraped["peili_operator_reconcile_seconds"].Value("peili_operator_reconcile_seconds_count", ("controller", controller), ("result", "ok")).ShouldBeGreaterThan(0);
            Value(scraped, "peili_operator_queue_depth", ("controller", controller)).ShouldBeGreaterThanOrEqualTo(0);
            Value(scraped, "peili_operator_queue_age_seconds", ("controller", controller)).ShouldBeGreaterThanOrEqualTo(0);
        }

        var rows = scraped.Values.Where(family => family.Name.StartsWith("peili_operator_", StringComparison.Ordinal)).Select(family => new MetricRow(
            family.Name, family.Type!, string.Join(", ", family.Samples.SelectMany(sample => sample.Labels.Keys).Where(label => label != "le").Distinct().Order(StringComparer.Ordinal))));
        MetricRow.ReadAll().Where(row => row.Name.StartsWith("peili_operator_", StringComparison.Ordinal)).OrderBy(row => row.Name, StringComparer.Ordinal)
            .ShouldBe(rows.OrderBy(row => row.Name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nobody_is_let_in_without_the_token_and_another_token_counts_at_once()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var token = await TokenAsync(scene);
        using var client = await ClientAsync(scene);

        (await StatusAsync(client, scene.Metrics, token)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(client, scene.Metrics, token, "/healthz")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client, scene.Metrics, null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(client, scene.Metrics, token[1..])).ShouldBe(HttpStatusCode.Unauthorized);
        using var stranger = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Should.ThrowAsync<HttpRequestException>(() => stranger.GetAsync(new Uri(scene.Metrics, "/metrics"), Cancellation));

        var another = new string('x', 32);
        await scene.KubectlAsync("patch", "secret", "-n", "peili-system", MetricsToken.SecretName, "--type=merge", "-p", new JsonObject { ["stringData"] = new JsonObject { ["token"] = another } }.ToJsonString());
        await Eventually.IsTrueAsync(async () => await StatusAsync(client, scene.Metrics, another) == HttpStatusCode.OK, "the other token counts");
        (await StatusAsync(client, scene.Metrics, token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_replica_that_stands_by_says_so()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var token = await TokenAsync(scene);
        using var client = await ClientAsync(scene);
        await using var other = scene.BuildOperator();
        await other.StartAsync(Cancellation);

        await Eventually.NoLongerThrowsAsync<HttpRequestException>(() => StatusAsync(client, OperatorScene.MetricsOf(other), token));
        await Eventually.IsTrueAsync(async () => await StatusAsync(client, OperatorScene.MetricsOf(other), token) == HttpStatusCode.OK, "it has the Secrets");
        Value(await ScrapeAsync(client, OperatorScene.MetricsOf(other), token), "peili_operator_leader").ShouldBe(0);
        await other.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Agents_that_are_to_serve_metrics_get_a_service_and_the_others_none()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        (await scene.KubectlAsync("get", "services", "-n", "peili-system", "-o", "name")).ShouldNotContain("peili-agent-metrics");

        await scene.ApplyAsync("default", new JsonObject { ["metrics"] = new JsonObject { ["mode"] = "Node" } });

        await Eventually.IsTrueAsync(
            async () => (await scene.KubectlAsync("get", "services", "-n", "peili-system", "-l", "app.kubernetes.io/component=agent-metrics", "-o", "jsonpath={.items[*].spec.ports[*].targetPort}")) == "metrics",
            "the service is made");
    }

    private static double Value(IReadOnlyDictionary<string, ExpositionFamily> scraped, string name, params (string Name, string Value)[] labels) =>
        scraped.TryGetValue(name, out var family) && family.Samples.Any(sample => labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value)) ? family.Value(name, labels) : 0;

    private static async Task<IReadOnlyDictionary<string, ExpositionFamily>> ScrapeAsync(OperatorScene scene)
    {
        using var client = await ClientAsync(scene);
        return await ScrapeAsync(client, scene.Metrics, await TokenAsync(scene));
    }

    private static async Task<IReadOnlyDictionary<string, ExpositionFamily>> ScrapeAsync(HttpClient client, Uri address, string token)
    {
        using var answer = await SendAsync(client, address, token, "/metrics");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return Exposition.Parse(await answer.Content.ReadAsByteArrayAsync(Cancellation), openMetrics: false);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri address, string? token, string path = "/metrics")
    {
        using var answer = await SendAsync(client, address, token, path);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Uri address, string? token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        request.Headers.Host = "peili-operator";
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request, Cancellation);
    }

    private static async Task<string> TokenAsync(OperatorScene scene) => Encoding.UTF8.GetString((await SecretAsync(scene, MetricsToken.SecretName)).Data!["token"]);

    /// <summary>One that trusts the installation's CA alone, and checks the name.</summary>
    private static async Task<HttpClient> ClientAsync(OperatorScene scene)
    {
        var trusted = X509Certificate2.CreateFromPem((await SecretAsync(scene, "peili-agent")).Text("ca.crt"));
        return new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
    }

    private static async Task<Secret> SecretAsync(OperatorScene scene, string name)
    {
        Secret? secret = null;
        await Eventually.IsTrueAsync(
            async () => (secret = await scene.Client.GetAsync(Kinds.Secret, new NamespacedName(OperatorScene.Namespace, name), Cancellation)) is not null, $"{name} is made");
        return secret!;
    }
}

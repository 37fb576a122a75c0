using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Metrics;

public sealed class OtlpTests(Nodes nodes)
{
    [Fact]
    public async Task A_collector_gets_the_metrics_at_the_agents_end_at_the_latest()
    {
        var bodies = new List<(string Path, string Text)>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var collector = builder.Build();
        collector.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            lock (bodies)
            {
                bodies.Add((http.Request.Path, Encoding.UTF8.GetString(body.ToArray())));
            }
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);

        var agent = await TestAgent.StartAsync(await nodes.EmptyAsync(), [], options => options with { OtlpEndpoint = new Uri($"{collector.Urls.Single()}/v1/metrics") });
        await agent.DisposeAsync();

        lock (bodies)
        {
            bodies.ShouldContain(body => body.Path == "/v1/metrics" && body.Text.Contains("peili.agent.pulled", StringComparison.Ordinal));
        }
    }
}

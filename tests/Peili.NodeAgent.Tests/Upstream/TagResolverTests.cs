using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Upstream;

namespace Peili.NodeAgent.Tests.Upstream;

public sealed class TagResolverTests
{
    [Theory]
    [InlineData("Always", true, true)]
    [InlineData("WhenUpstreamDown", true, false)]
    [InlineData("Never", false, false)]
    public async Task Who_says_what_a_tag_means(string resolveTags, bool whileDown, bool whileUp)
    {
        var time = new ManualTimeProvider();
        using var client = new UpstreamClient();
        using var stop = new CancellationTokenSource();
        await using var upstream = new FakePeer(exchange => exchange.SendEmptyAsync(401));
        var probe = new UpstreamProbe(client, time, NullLogger<UpstreamProbe>.Instance);
        var resolver = new TagResolver(TestOptions.Default with { ResolveTags = Enum.Parse<TagResolution>(resolveTags) }, probe);

        resolver.MayResolve($"{upstream.Address}").ShouldBe(whileDown);

        var running = probe.RunAsync(stop.Token);
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return probe.IsUp($"{upstream.Address}");
            },
            "it is up");
        resolver.MayResolve($"{upstream.Address}").ShouldBe(whileUp);
        await stop.CancelAsync();
        await running.ContinueWith(static _ => { }, TaskScheduler.Default);
    }
}

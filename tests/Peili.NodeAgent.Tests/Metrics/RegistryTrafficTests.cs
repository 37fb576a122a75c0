using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.Tests.Metrics;

public sealed class RegistryTrafficTests
{
    private readonly RegistryTraffic _traffic = new();

    [Fact]
    public void The_first_registries_are_told_apart_and_the_others_are_one()
    {
        for (var registry = 0; registry < 1000; registry++)
        {
            _traffic.Of($"registry-{registry}").Add(TransferSource.Peer, 1);
        }

        _traffic.All.Count().ShouldBe(RegistryTraffic.MostRegistries + 1);
        _traffic.All.Single(registry => registry.Key == RegistryTraffic.Others).Value[TransferSource.Peer].ShouldBe(1000 - RegistryTraffic.MostRegistries);
        _traffic.Total(TransferSource.Peer).ShouldBe(1000);
    }

    [Fact]
    public void Names_are_told_apart_without_their_case_and_no_name_is_one_too()
    {
        _traffic.Of("Docker.IO").Add(TransferSource.Local, 1);
        _traffic.Of("docker.io").Add(TransferSource.Local, 2);
        _traffic.Of(null).Add(TransferSource.Local, 4);
        _traffic.Of("other").Add(TransferSource.Local, 8);

        _traffic.All.ToDictionary(registry => registry.Key, registry => registry.Value[TransferSource.Local]).ShouldBe(
            new Dictionary<string, long> { ["docker.io"] = 3, ["unknown"] = 4, ["other"] = 8 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Many_threads_at_once_make_no_more_of_them()
    {
        await Parallel.ForAsync(0, 2000, TestContext.Current.CancellationToken, (registry, _) =>
        {
            _traffic.Of($"registry-{registry % 100}").Add(TransferSource.Relay, 1);
            return ValueTask.CompletedTask;
        });

        _traffic.All.Count().ShouldBe(RegistryTraffic.MostRegistries + 1);
        _traffic.Total(TransferSource.Relay).ShouldBe(2000);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Peili.Containerd.Tests.Support;
using Peili.Operator.Hosting;
using Peili.Operator.Page;
using Peili.Operator.Tests.Support;

namespace Peili.Operator.Tests;

/// <summary>What was saved, on a real API server.</summary>
public sealed class SavingsTests(SharedControlPlane shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_leader_goes_on_with_the_savings_of_the_last_one_and_writes_nothing_while_no_byte_comes()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await Eventually.IsTrueAsync(() => scene.Services.GetRequiredService<Leadership>().IsLeading && scene.Services.GetRequiredService<SavingsHistory>().Read().Buckets.Count > 0, "it leads, and counts");
        var saved = scene.Services.GetRequiredService<SavingsHistory>();
        var start = saved.Read().Buckets[^1].Start;
        saved.Restore([new SavingsBucket(start - TimeSpan.FromMinutes(10), 7_000_000, 0), new SavingsBucket(start, 5_000_000, 1000)]);
        await scene.Services.GetRequiredService<SavingsStore>().CountAsync(Cancellation);
        var writes = scene.Writes;
        await scene.Services.GetRequiredService<SavingsStore>().CountAsync(Cancellation);
        scene.Writes.ShouldBe(writes);
        (await scene.KubectlAsync("get", "configmap", "-n", OperatorScene.Namespace, SavingsStore.Name, "-o", "jsonpath={.data.buckets}")).ShouldContain(" 5000000 1000");

        await scene.StopOperatorAsync();
        await scene.StartOperatorAsync();

        await Eventually.IsTrueAsync(
            () => scene.Services.GetRequiredService<SavingsHistory>().Read().Buckets.Sum(bucket => bucket.FromPeers) == 12_000_000, "the new one has what the old one had");
    }
}

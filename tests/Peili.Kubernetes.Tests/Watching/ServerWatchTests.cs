using System.Collections.Concurrent;
using Peili.Containerd.Tests.Support;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;
using Peili.Kubernetes.Watching;

namespace Peili.Kubernetes.Tests.Watching;

/// <summary>An informer on a real API server.</summary>
public sealed class ServerWatchTests(SharedControlPlane shared) : ServerTest(shared)
{
    [Fact]
    public async Task An_informer_follows_a_real_server_over_short_watches()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var told = new ConcurrentQueue<string>();
        for (var index = 0; index < 7; index++)
        {
            await CreateAsync($"before-{index}", "1");
        }

        var informer = new Informer<ConfigMap>(
            Client, ConfigMap.ResourceKind, new InformerOptions { Objects = new ListOptions { Namespace = Namespace }, WatchTimeout = TimeSpan.FromSeconds(1) });
        informer.Subscribe(key => told.Enqueue(key.Name));
        var running = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(Cancellation);
        informer.Items.Keys.Count(key => key.Name.StartsWith("before-", StringComparison.Ordinal)).ShouldBe(7);

        for (var index = 0; index < 20; index++)
        {
            await CreateAsync($"item-{index}", "1");
            await Task.Delay(100, Cancellation);
        }

        await Client.DeleteAsync(ConfigMap.ResourceKind, Key("item-3"), Cancellation);

        await Eventually.IsTrueAsync(
            () => informer.Items.ContainsKey(Key("item-19")) && !informer.Items.ContainsKey(Key("item-3")), "the informer knows what the server has");
        told.Count(name => name == "item-3").ShouldBe(2);
        await stop.CancelAsync();
        await running;
    }
}

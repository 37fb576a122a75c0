using System.Diagnostics;
using System.Globalization;
using Peili.Containerd.Tests.Support;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;
using Peili.Kubernetes.Watching;

namespace Peili.Kubernetes.Tests.Faults;

/// <summary>A controller, and between it and a real API server everything that goes wrong there.</summary>
[Collection(AloneCollection.Name)]
public sealed class FaultTests(SharedControlPlane shared) : ServerTest(shared)
{
    private static readonly int s_seed = int.Parse(Environment.GetEnvironmentVariable("PEILI_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    private static readonly InformerOptions s_options = new()
    {
        WatchTimeout = TimeSpan.FromSeconds(5),
        WatchGrace = TimeSpan.FromSeconds(1),
        FirstDelay = TimeSpan.FromMilliseconds(50),
        LongestDelay = TimeSpan.FromMilliseconds(500),
    };

    [Fact]
    public async Task Whatever_goes_wrong_on_the_way_to_the_server_no_event_is_lost_and_nothing_spins()
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"PEILI_FUZZ_SEED={s_seed}");
        var plan = new FaultPlan(s_seed);
        await using var api = await FaultyApi.StartAsync(ControlPlane, plan);
        await using var link = new FaultyLink(api.Port);
        using var client = new KubernetesClient(
            new KubernetesClientConfiguration
            {
                Cluster = new Cluster { Server = new Uri($"https://127.0.0.1:{link.Port}"), CertificateAuthority = ControlPlane.CertificateAuthority },
                Credentials = new FixedCredentials(new Credential($"Bearer {ControlPlane.Token}", null)),
            },
            new KubernetesClientOptions { PageSize = 5, Timeout = TimeSpan.FromSeconds(2), MaxSilence = TimeSpan.FromSeconds(3) });
        using var controller = new CopyController(client, Namespace, s_options);
        using var stopWriting = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writers = new Writers(Client, Namespace, s_seed);
        var start = Stopwatch.GetTimestamp();
        var writing = writers.RunAsync(3, stopWriting.Token);
        var running = controller.RunAsync(stop.Token);
        try
        {
            await Eventually.IsTrueAsync(() => Enum.GetValues<Fault>().All(plan.Happened.ContainsKey), "each fault happened");
            await MoreIsWrittenAsync(writers);
            link.Silence();
            await MoreIsWrittenAsync(writers);
            link.Refuses = true;
            await MoreIsWrittenAsync(writers);
            await ControlPlane.RestartApiServerAsync(Cancellation);
            await MoreIsWrittenAsync(writers);
            plan.IsOn = false;
            link.Refuses = false;
            await MoreIsWrittenAsync(writers);
            await stopWriting.CancelAsync();
            await writing;
            await AgreesAsync(controller);
        }
        finally
        {
            await stopWriting.CancelAsync();
            await stop.CancelAsync();
            await Task.WhenAll(writing, running);
        }

        // After the restart the server itself says that the version of before is too old.
        controller.Failures.OfType<KubernetesException>().ShouldContain(failure => failure.IsExpired && failure.Message != FaultyApi.Message);
        var bound = 2 * ((2 * (Stopwatch.GetElapsedTime(start) / s_options.FirstDelay)) + 10);
        plan.Follows.ShouldBeLessThan((int)bound);
    }

    private static Task MoreIsWrittenAsync(Writers writers)
    {
        var before = writers.Written;
        return Eventually.IsTrueAsync(() => writers.Written >= before + 50, "the writers write");
    }

    /// <summary>Waits until the informers have what the server has, the work saw the last of each source, and each copy is its source's.</summary>
    private async Task AgreesAsync(CopyController controller)
    {
        await Eventually.IsTrueAsync(
            async () =>
            {
                var sources = await ListAsync(controller.Of("source"));
                var copies = await ListAsync(controller.Of("copy"));
                return Same(sources, controller.Sources) && Same(copies, controller.Copies)
                    && copies.ToDictionary(copy => copy.Key.Name["copy-".Length..], copy => copy.Value.Value) is var copied
                    && copied.Count == sources.Count && sources.All(source => copied.GetValueOrDefault(source.Key.Name) == source.Value.Value)
                    && controller.Seen.All(seen => seen.Value == sources.GetValueOrDefault(Key(seen.Key)).Version) && sources.Keys.All(key => controller.Seen.ContainsKey(key.Name));
            },
            "the controller knows and did what the server has");
    }

    private async Task<Dictionary<Models.NamespacedName, (string Version, string Value)>> ListAsync(ListOptions options) =>
        (await Client.ListAsync(ConfigMap.ResourceKind, options, Cancellation)).Items.ToDictionary(item => item.Key, item => (item.Metadata.ResourceVersion!, item.Data!["value"]));

    private static bool Same(Dictionary<Models.NamespacedName, (string Version, string Value)> listed, Informer<ConfigMap> informer) =>
        informer.Items.Count == listed.Count && informer.Items.All(item => listed.GetValueOrDefault(item.Key).Version == item.Value.Metadata.ResourceVersion);
}

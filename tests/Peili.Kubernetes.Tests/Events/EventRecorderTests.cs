using Peili.Containerd.Tests.Support;
using Peili.Kubernetes.Events;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;

namespace Peili.Kubernetes.Tests.Events;

/// <summary>Events on a real API server.</summary>
public sealed class EventRecorderTests(SharedControlPlane shared) : ServerTest(shared)
{
    [Fact]
    public async Task An_event_is_written_and_one_seen_again_is_counted()
    {
        var failures = new List<Exception>();
        var about = await CreateAsync("a", "1");
        var recorder = new EventRecorder(
            Client, new EventRecorderOptions { Controller = "peili.dev/test", FlushInterval = TimeSpan.FromMilliseconds(100), Failed = failures.Add });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = recorder.RunAsync(stop.Token);

        recorder.Record(ConfigMap.ResourceKind, about, isWarning: true, "NodeUnreachable", "Release", "node-1 does not answer");
        recorder.Record(ConfigMap.ResourceKind, about, isWarning: true, "NodeUnreachable", "Release", "node-1 does not answer");
        recorder.Record(ConfigMap.ResourceKind, about, isWarning: true, "NodeUnreachable", "Release", "node-1 does not answer");
        recorder.Record(ConfigMap.ResourceKind, about, isWarning: false, "Released", "Release", new string('x', 5000));

        IReadOnlyList<EventsV1Event> events = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                events = (await Client.ListAsync(EventsV1Event.ResourceKind, new ListOptions { Namespace = Namespace }, Cancellation)).Items;
                return events.Count == 2 && events.Any(written => written.Series?.Count == 3);
            },
            "the events are written");
        await stop.CancelAsync();
        await running;

        failures.ShouldBeEmpty();
        var counted = events.Single(written => written.Series is not null);
        (counted.Type, counted.Reason, counted.Action, counted.Note).ShouldBe(("Warning", "NodeUnreachable", "Release", "node-1 does not answer"));
        (counted.Regarding!.Kind, counted.Regarding.Name, counted.Regarding.Uid).ShouldBe(("ConfigMap", "a", about.Metadata.Uid));
        events.Single(written => written.Series is null).Note!.Length.ShouldBe(1024);
    }

    [Fact]
    public async Task A_recorder_that_has_nothing_to_do_ends_when_it_is_told_to()
    {
        using var api = new FakeApi(_ => Task.FromResult(FakeApi.Refusal(503, "ServiceUnavailable")));
        using var client = api.Client();
        for (var round = 0; round < 500; round++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var running = new EventRecorder(client, new EventRecorderOptions { Controller = "peili.dev/test", FlushInterval = TimeSpan.FromMilliseconds(1 + (round % 3)) }).RunAsync(stop.Token);
            await Task.Delay(round % 3, Cancellation);
            await stop.CancelAsync();
            await running.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        }
    }

    [Fact]
    public async Task When_the_server_is_not_there_recording_does_not_wait_and_what_is_too_much_is_dropped()
    {
        using var api = new FakeApi(_ => Task.FromResult(FakeApi.Refusal(503, "ServiceUnavailable")));
        using var client = api.Client();
        var failures = 0;
        var recorder = new EventRecorder(client, new EventRecorderOptions { Controller = "peili.dev/test", Failed = _ => Interlocked.Increment(ref failures) });
        for (var index = 0; index < 1500; index++)
        {
            recorder.Record(ConfigMap.ResourceKind, ConfigMap.Of("n", "a", "1"), isWarning: false, "Reason", "Action", $"note {index}");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = recorder.RunAsync(stop.Token);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref failures) == 1000, "what was kept is tried");
        await stop.CancelAsync();
        await running;
        api.Requests.Count.ShouldBe(1000);
    }
}

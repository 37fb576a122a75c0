using System.Collections.Concurrent;
using Peili.Containerd.Tests.Support;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;
using Peili.Kubernetes.Watching;
using Peili.NodeAgent.Tests.Support;

namespace Peili.Kubernetes.Tests.Watching;

/// <summary>An informer against a server that misbehaves.</summary>
public sealed class InformerTests : IAsyncDisposable
{
    private readonly FakeCollection _server = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _told = [];
    private readonly ConcurrentQueue<Exception> _failures = [];
    private readonly List<KubernetesClient> _clients = [];
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _clients.ForEach(client => client.Dispose());
        _server.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task It_follows_what_happens()
    {
        _server.Put("before");
        var informer = Start();
        await AgreesAsync(informer);
        informer.HasSynced.ShouldBeTrue();

        _server.Put("new");
        _server.Put("before");
        await AgreesAsync(informer);
        _server.Delete("new");
        await AgreesAsync(informer);

        _told.ShouldBe(["before", "new", "before", "new"]);
        _server.Lists.ShouldBe(1);
    }

    [Fact]
    public async Task Before_the_first_list_it_is_not_synced()
    {
        _server.RefuseNext(500, "InternalError");
        var informer = new Informer<ConfigMap>(Client(), ConfigMap.ResourceKind, Options());
        informer.HasSynced.ShouldBeFalse();
        _running = informer.RunAsync(_stop.Token);

        await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);

        _failures.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_subscribes_late_is_told_what_is_there()
    {
        _server.Put("a");
        _server.Put("b");
        var informer = Start();
        await AgreesAsync(informer);
        var late = new ConcurrentQueue<string>();

        informer.Subscribe(key => late.Enqueue(key.Name));

        late.Order().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task After_the_end_of_a_watch_it_goes_on_where_it_was()
    {
        var informer = Start();
        _server.Put("a");
        await AgreesAsync(informer);
        _server.Bookmark();
        _server.Put("b");
        await AgreesAsync(informer);
        _server.EndWatches();
        _server.Put("c");
        await AgreesAsync(informer);

        _server.Lists.ShouldBe(1);
        _server.LastWatchVersion.ShouldBe("13");
        _told.ShouldBe(["a", "b", "c"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_its_version_is_gone_it_lists_again_and_tells_what_went_meanwhile(bool asEvent)
    {
        _server.Put("stays");
        _server.Put("goes");
        _server.Put("changes");
        var informer = Start();
        await AgreesAsync(informer);
        await WatchesAsync();
        _told.Clear();

        if (asEvent)
        {
            _server.EndWatches(error: 410);
        }
        else
        {
            _server.RefuseNext(410, "Expired");
            _server.EndWatches();
        }

        await Eventually.IsTrueAsync(() => _server.Lists == 2, "it lists again");
        await WatchesAsync();
        _server.BreakWatches();
        _server.Delete("goes");
        _server.Put("changes");
        _server.Compact();
        await AgreesAsync(informer);

        _told.Order().ShouldBe(["changes", "goes"]);
    }

    [Fact]
    public async Task When_its_version_is_gone_after_an_outage_it_lists_at_once()
    {
        var time = new ManualTimeProvider();
        Start(time, Patient());
        await WatchesAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        Enumerable.Range(0, 4).ToList().ForEach(_ => _server.RefuseNext(500, "InternalError"));
        _server.RefuseNext(410, "Expired");
        _server.EndWatches();

        await Eventually.IsTrueAsync(() => AdvanceUntil(time, () => _failures.Count == 5), "its version is gone");
        await Eventually.IsTrueAsync(() => _server.Lists == 2, "it lists while the clock stands still");
        await WatchesAsync();
    }

    [Fact]
    public async Task A_server_that_forgets_every_version_at_once_is_asked_less_and_less()
    {
        var time = new ManualTimeProvider();
        var start = time.GetTimestamp();
        _server.Forgets = true;
        Start(time, Patient());

        await Eventually.IsTrueAsync(() => AdvanceUntil(time, () => _failures.Count == 5), "it fails five times");

        // 0.8 s, 1.6 s, 3.2 s and 6.4 s at least.
        time.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromSeconds(11.9));
        _server.Lists.ShouldBe(5);
    }

    [Fact]
    public async Task A_refused_or_broken_watch_is_tried_again_without_a_list()
    {
        var informer = Start();
        await WatchesAsync();
        _server.RefuseNext(429, "TooManyRequests");
        _server.RefuseNext(500, "InternalError");
        _server.BreakWatches();
        _server.Put("a");
        await AgreesAsync(informer);

        _server.Lists.ShouldBe(1);
        _failures.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_watch_that_its_server_does_not_end_is_dead()
    {
        var time = new ManualTimeProvider();
        var informer = Start(time, Options() with { WatchTimeout = TimeSpan.FromMinutes(5), WatchGrace = TimeSpan.FromSeconds(30) });
        await WatchesAsync();
        time.Advance(TimeSpan.FromMinutes(5));
        _server.Watches.ShouldBe(1);

        time.Advance(TimeSpan.FromMinutes(5.6));
        await Eventually.IsTrueAsync(() => !_failures.IsEmpty, "the watch is given up");
        _failures.First().Message.ShouldContain("is dead");
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return _server.Watches == 2;
            },
            "it watches again");
        _server.Put("a");
        await AgreesAsync(informer);
        _server.Lists.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_beyond_the_bound_is_a_failure_that_it_survives()
    {
        var informer = Start(null, Options(), new KubernetesClientOptions { MaxEventBytes = 1000 });
        await WatchesAsync();
        _server.Put(new string('x', 20_000));
        await Eventually.IsTrueAsync(() => !_failures.IsEmpty, "the event is refused");
        _failures.First().Message.ShouldContain("longer than 1000 bytes");
        _server.Compact();

        await AgreesAsync(informer);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_goes_wrong_nothing_is_lost(int seed)
    {
        var random = new Random(seed);
        var told = new ConcurrentDictionary<string, string?>();
        var informer = new Informer<ConfigMap>(Client(), ConfigMap.ResourceKind, Options());

        // What a controller would have seen when it was last told.
        informer.Subscribe(key => told[key.Name] = informer.Items.GetValueOrDefault(key)?.Metadata.ResourceVersion);
        _running = informer.RunAsync(_stop.Token);

        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(20))
            {
                case < 9:
                    _server.Put($"item-{random.Next(12)}");
                    break;
                case < 13:
                    _server.Delete($"item-{random.Next(12)}");
                    break;
                case 13:
                    _server.EndWatches();
                    break;
                case 14:
                    _server.EndWatches(error: random.Next(2) == 0 ? 410 : 500);
                    break;
                case 15:
                    _server.BreakWatches();
                    break;
                case 16:
                    _server.Compact();
                    _server.EndWatches();
                    break;
                case 17:
                    _server.RefuseNext(random.Next(4) switch { 0 => 410, 1 => 429, 2 => 409, _ => 500 }, "Because");
                    break;
                default:
                    await Task.Delay(random.Next(3), TestContext.Current.CancellationToken);
                    break;
            }
        }

        await AgreesAsync(informer);

        // The last change is in Items a moment before anybody is told.
        await Eventually.IsTrueAsync(
            () => informer.Items.All(item => told.GetValueOrDefault(item.Key.Name) == item.Value.Metadata.ResourceVersion)
                && told.Count(entry => entry.Value is not null) == informer.Items.Count,
            "everybody was told of everything");
    }

    private KubernetesClient Client(TimeProvider? time = null, KubernetesClientOptions? options = null)
    {
        var client = _server.Api.Client((options ?? new KubernetesClientOptions()) with { TimeProvider = time ?? TimeProvider.System });
        _clients.Add(client);
        return client;
    }

    private InformerOptions Options() => new()
    {
        Objects = new ListOptions { Namespace = "n" },
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(20),
        Failed = (exception, _) => _failures.Enqueue(exception),
    };

    private InformerOptions Patient() => Options() with { FirstDelay = TimeSpan.FromSeconds(0.8), LongestDelay = TimeSpan.FromSeconds(15) };

    private static bool AdvanceUntil(ManualTimeProvider time, Func<bool> condition)
    {
        var isTrue = condition();
        time.Advance(TimeSpan.FromSeconds(isTrue ? 0 : 0.1));
        return isTrue;
    }

    private Informer<ConfigMap> Start(TimeProvider? time = null, InformerOptions? options = null, KubernetesClientOptions? client = null)
    {
        var informer = new Informer<ConfigMap>(Client(time, client), ConfigMap.ResourceKind, options ?? Options());
        informer.Subscribe(key => _told.Enqueue(key.Name));
        _running = informer.RunAsync(_stop.Token);
        return informer;
    }

    private Task WatchesAsync() => Eventually.IsTrueAsync(() => _server.OpenWatches == 1, "it watches");

    private Task AgreesAsync(Informer<ConfigMap> informer) => Eventually.IsTrueAsync(
        () => informer.Items.Count == _server.Objects.Count
            && informer.Items.All(item => _server.Objects.GetValueOrDefault(item.Key.Name)?.Contains($"\"{item.Value.Metadata.ResourceVersion}\"", StringComparison.Ordinal) == true)
            && informer.HasSynced,
        "the informer knows what the server has");
}

using System.Net;
using System.Text.Json.Nodes;
using Peili.Containerd.Tests.Support;
using Peili.Kubernetes.LeaderElection;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;
using Peili.NodeAgent.Tests.Support;

namespace Peili.Kubernetes.Tests.LeaderElection;

/// <summary>Electors by a clock that the test moves, and a server that has one Lease.</summary>
public sealed class LeaderElectorTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IDisposable> _owned = [];
    private JsonObject? _lease;
    private int _version;
    private int _renewals;
    private DateTimeOffset _renewedAt;
    private Candidate? _leading;
    private volatile bool _refuses;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _owned.ForEach(owned => owned.Dispose());
        _stop.Dispose();
    }

    [Fact]
    public async Task The_first_leads_and_the_other_takes_over_when_it_ends()
    {
        var first = new Candidate(this, "first");
        await first.LeadsAsync();
        var second = new Candidate(this, "second");
        await PassAsync(TimeSpan.FromMinutes(1));
        await AdvanceUntilAsync(() => second.Elector.Leader == "first");
        second.IsLeading.ShouldBeFalse();

        first.End();
        (await first.Run).ShouldBeTrue();

        Holder.ShouldBe("");
        await second.LeadsAsync();
        Transitions.ShouldBe(1);
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_before_another_begins()
    {
        var first = new Candidate(this, "first");
        await first.LeadsAsync();
        _refuses = true;

        await AdvanceUntilAsync(() => first.Run.IsCompleted);

        (await first.Run).ShouldBeFalse("the leadership was lost");
        first.IsLeading.ShouldBeFalse();
        Holder.ShouldBe("first", "it could not give it up");
        _refuses = false;
        var second = new Candidate(this, "second");
        await PassAsync(TimeSpan.FromSeconds(10));
        second.IsLeading.ShouldBeFalse("it has seen the lease for less than its duration");
        await second.LeadsAsync();
    }

    [Fact]
    public async Task A_leader_renews_and_the_times_in_the_lease_do_not_matter()
    {
        var first = new Candidate(this, "first");
        await first.LeadsAsync();
        var second = new Candidate(this, "second");

        for (var minute = 0; minute < 3; minute++)
        {
            await PassAsync(TimeSpan.FromMinutes(1));
            Change(lease => lease["spec"]!["renewTime"] = "2001-01-01T00:00:00.000000Z");
        }

        first.IsLeading.ShouldBeTrue();
        second.IsLeading.ShouldBeFalse();
        _renewals.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task A_leader_whose_lease_another_took_stops()
    {
        var first = new Candidate(this, "first");
        await first.LeadsAsync();

        Change(lease => lease["spec"]!["holderIdentity"] = "thief");
        await AdvanceUntilAsync(() => first.Run.IsCompleted);

        (await first.Run).ShouldBeFalse();
        Holder.ShouldBe("thief");
    }

    [Fact]
    public async Task Fields_that_others_put_on_the_lease_stay()
    {
        var first = new Candidate(this, "first");
        await first.LeadsAsync();
        Change(lease => lease["spec"]!["strategy"] = "OldestEmulationVersion");

        await PassAsync(TimeSpan.FromSeconds(20));

        ((string?)Read(lease => lease["spec"]!["strategy"])).ShouldBe("OldestEmulationVersion");
        first.IsLeading.ShouldBeTrue();
    }

    [Fact]
    public void Times_that_do_not_fit_each_other_are_refused()
    {
        using var api = new FakeApi(AnswerAsync);
        using var client = api.Client();
        var options = new LeaderElectionOptions { Lease = new("n", "l"), LeaseDuration = TimeSpan.FromSeconds(10), RenewDeadline = TimeSpan.FromSeconds(10) };
        Should.Throw<ArgumentException>(() => new LeaderElector(client, options)).Message.ShouldContain("LeaseDuration > RenewDeadline");
    }

    private string? Holder => (string?)Read(lease => lease["spec"]!["holderIdentity"]);

    private int? Transitions => (int?)Read(lease => lease["spec"]!["leaseTransitions"]);

    private JsonNode? Read(Func<JsonObject, JsonNode?> what)
    {
        lock (_lock)
        {
            return _lease is null ? null : what(_lease)?.DeepClone();
        }
    }

    private void Change(Action<JsonObject> change)
    {
        lock (_lock)
        {
            change(_lease!);
            _lease!["metadata"]!["resourceVersion"] = $"{++_version}";
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request)
    {
        var sent = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync())!.AsObject();
        lock (_lock)
        {
            if (_refuses)
            {
                return FakeApi.Refusal(500, "InternalError");
            }

            if (sent is null)
            {
                return _lease is null ? FakeApi.Refusal(404, "NotFound") : FakeApi.Json(_lease.ToJsonString());
            }

            if (request.Method == HttpMethod.Post && _lease is not null)
            {
                return FakeApi.Refusal(409, "AlreadyExists");
            }

            if (request.Method == HttpMethod.Put && (string?)sent["metadata"]!["resourceVersion"] != (string?)_lease!["metadata"]!["resourceVersion"])
            {
                return FakeApi.Refusal(409, "Conflict");
            }

            _renewals++;
            _renewedAt = _time.GetUtcNow();
            sent["metadata"]!["resourceVersion"] = $"{++_version}";
            _lease = sent;
            return FakeApi.Json(sent.ToJsonString(), HttpStatusCode.OK);
        }
    }

    /// <summary>Lets time pass in small steps, with time for those who wait to do what they have to do in between.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(500))
        {
            await StepAsync();
        }
    }

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        for (var step = 0; !condition(); step++)
        {
            step.ShouldBeLessThan(10_000, "it never comes about");
            await StepAsync();
        }
    }

    // A leader that this machine has not let run must not look like one that does not renew.
    private async Task StepAsync()
    {
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await Task.Delay(1, TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => !IsLate(), "the leader renews");
    }

    private bool IsLate()
    {
        lock (_lock)
        {
            return !_refuses && _leading?.Name == (string?)_lease?["spec"]!["holderIdentity"] && _leading?.IsLeading == true
                && _time.GetUtcNow() - _renewedAt > TimeSpan.FromSeconds(7);
        }
    }

    private sealed class Candidate
    {
        private readonly LeaderElectorTests _test;
        private volatile bool _isLeading;
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Candidate(LeaderElectorTests test, string name)
        {
            (_test, Name) = (test, name);
            var api = new FakeApi(test.AnswerAsync);
            var client = api.Client(new KubernetesClientOptions { TimeProvider = test._time });
            test._owned.Add(client);
            test._owned.Add(api);
            Elector = new LeaderElector(client, new LeaderElectionOptions { Lease = new NamespacedName("n", "l"), Identity = name });
            Run = Elector.RunAsync(LeadAsync, test._stop.Token);
        }

        public LeaderElector Elector { get; }

        public Task<bool> Run { get; }

        public bool IsLeading => _isLeading;

        public string Name { get; }

        public void End() => _end.SetResult();

        public Task LeadsAsync() => _test.AdvanceUntilAsync(() => IsLeading);

        private async Task LeadAsync(CancellationToken cancellationToken)
        {
            _test._leading = this;
            _isLeading = true;
            try
            {
                await _end.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                _isLeading = false;
            }
        }
    }
}

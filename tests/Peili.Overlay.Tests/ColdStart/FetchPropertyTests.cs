using Peili.Overlay.ColdStart;

namespace Peili.Overlay.Tests.ColdStart;

/// <summary>Rules that hold whatever members say, in whatever order: a tracker's decisions against a list of who may be an origin.</summary>
public sealed class FetchPropertyTests
{
    private const int Members = 12;

    /// <summary>
    /// Rules: no second origin but by an escape or an offset, or after a lease's end; a child has somebody to stream from; nobody waits for ever;
    /// and all are forgotten in the end.
    /// </summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 4096)]
    [InlineData(5, 4096)]
    public void Over_random_questions_the_rules_hold(int seed, long size)
    {
        var random = new Random(seed);
        for (var sequence = 0; sequence < 60; sequence++)
        {
            new Run(random, size, $"seed {seed}, sequence {sequence}").Play(steps: 120);
        }
    }

    private sealed class Run(Random random, long size, string name)
    {
        private readonly Fetch _fetch = new();

        // Each origin's last word and bytes, by the rules.
        private readonly Dictionary<ulong, (long HeardAt, long Mark)> _origins = [];
        private readonly Dictionary<ulong, ulong> _requests = [];
        private long _now = random.NextInt64(TimeSpan.FromDays(1).Ticks) + 1;
        private int _holders;
        private string _step = "";

        public void Play(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                Pass();
                _step = $"{name}, step {step}";
                var member = (ulong)random.Next(1, Members + 1);
                switch (random.Next(10))
                {
                    case 0:
                        _fetch.Leave(member);
                        _origins.Remove(member);
                        break;
                    case 1 or 2 when _origins.Count > 0:
                        Report(_origins.Keys.ElementAt(random.Next(_origins.Count)));
                        break;
                    case 3:
                        _holders = random.Next(3) == 0 ? random.Next(3) : 0;
                        break;
                    default:
                        Ask(member);
                        break;
                }

                _fetch.Origins.Select(origin => origin.Member).Order().ShouldBe(_origins.Keys.Order(), _step);
            }

            NobodyWaitsForEver();
            AllIsForgotten();
        }

        private void Pass() => _now += random.Next(40) switch
        {
            0 => TimeSpan.FromMinutes(random.Next(1, 15)).Ticks,
            1 or 2 => TimeSpan.FromMilliseconds(random.Next(1500, 4000)).Ticks,
            _ => TimeSpan.FromMilliseconds(random.Next(0, 150)).Ticks,
        };

        private void Report(ulong origin)
        {
            var mark = random.Next(3) * 1000L;
            _fetch.Report(origin, mark, _now);
            _origins[origin] = (_now, Math.Max(_origins[origin].Mark, mark));
        }

        private void Ask(ulong member)
        {
            var request = random.Next(3) == 0 ? _requests.GetValueOrDefault(member, 1UL) : (ulong)random.NextInt64(2, long.MaxValue);
            var isRepeated = _requests.TryGetValue(member, out var last) && last == request;
            _requests[member] = request;
            var offset = random.Next(2) == 0 ? 0 : random.Next(1, 5) * 1000L;
            var question = new GrantRequest(default, request, offset, size, (GrantReason)random.Next(3), random.Next(2), []);

            var me = _fetch.Join(member, _now);
            var role = _fetch.Decide(me, question, _holders, _now);
            var wasOrigin = _origins.Remove(member);
            foreach (var (silent, _) in _origins.Where(origin => _now - origin.Value.HeardAt > ColdStartLimits.Lease.Ticks).ToArray())
            {
                _origins.Remove(silent);
            }

            Check(question, role, me, wasOrigin && isRepeated);
            if (role == FetchRole.Origin || (wasOrigin && role is FetchRole.Wait or FetchRole.Denied && me.IsOrigin))
            {
                _origins[member] = (_now, offset);
            }
        }

        private void Check(in GrantRequest question, FetchRole role, Participant me, bool isRepeatedOrigin)
        {
            var isPreferred = question.Reason == GrantReason.First && question.Offset > 0 && size == 0 && _origins.Values.All(origin => origin.Mark == 0);
            switch (role)
            {
                case FetchRole.Origin:
                    var isAllowed = question.Reason == GrantReason.Escape || isRepeatedOrigin || (_holders == 0 && (_origins.Count == 0 || isPreferred));
                    isAllowed.ShouldBeTrue($"{_step}: {question} made a second origin");
                    break;
                case FetchRole.Child:
                    (_holders > 0 || _origins.Count > 0).ShouldBeTrue($"{_step}: {question} made a child of nobody");
                    CheckSources(me);
                    break;
                case FetchRole.Denied:
                    question.Reason.ShouldBe(GrantReason.Escape, _step);
                    break;
                default:
                    break;
            }
        }

        private void CheckSources(Participant me)
        {
            Span<ulong> room = stackalloc ulong[3];
            var sources = room[.._fetch.ChooseSources(me, _holders, static _ => true, room)].ToArray();
            (sources.Length > 0 || _holders > 0).ShouldBeTrue($"{_step}: no candidate");
            sources.ShouldBeUnique(_step);
            foreach (var source in sources)
            {
                source.ShouldNotBe(me.Member, _step);
                (_origins.ContainsKey(source) || _fetch.Join(source, _now).Ordinal < me.Ordinal).ShouldBeTrue($"{_step}: {source} comes later");
            }
        }

        private void NobodyWaitsForEver()
        {
            _now += TimeSpan.FromSeconds(5).Ticks;
            var question = new GrantRequest(default, 1, 1000, size, GrantReason.SourceLost, 1, []);
            var me = _fetch.Join(1, _now);
            for (var tries = 0; _fetch.Decide(me, question, 0, _now) != FetchRole.Origin; tries++)
            {
                tries.ShouldBeLessThan(20, $"{name}: waits although nobody else is there");
                _now += ColdStartLimits.AskAgain.Ticks;
            }
        }

        private void AllIsForgotten()
        {
            _now += ColdStartLimits.ForgetChild.Ticks + 1;
            _fetch.Lapse(_now);
            _fetch.Count.ShouldBe(0, name);
            _fetch.Origins.ShouldBeEmpty(name);
        }
    }
}

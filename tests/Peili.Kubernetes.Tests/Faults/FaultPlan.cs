using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Peili.Kubernetes.Tests.Faults;

/// <summary>Says what befalls each request: one after the other of what can befall its like, in an order that a seed repeats.</summary>
internal sealed class FaultPlan(int seed)
{
    private static readonly Fault[] s_ofWatch = [Fault.Gone, Fault.Busy, Fault.Broken, Fault.Cut, Fault.CutShort, Fault.GoneLater, Fault.BrokenLater, Fault.Silent];
    private static readonly Fault[] s_ofList = [Fault.Busy, Fault.Broken, Fault.Silent, Fault.None, Fault.None, Fault.None];
    private static readonly Fault[] s_ofNextPage = [Fault.Gone, Fault.Broken, .. Enumerable.Repeat(Fault.None, 8)];
    private static readonly Fault[] s_ofWrite = [Fault.Conflict, Fault.Busy, Fault.Broken, Fault.Unsaid, Fault.Silent, .. Enumerable.Repeat(Fault.None, 15)];

    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<Fault[], Stack<Fault>> _next = [];
    private readonly ConcurrentDictionary<Fault, int> _happened = new();
    private int _follows;

    /// <summary>Whether anything befalls anybody.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>How often each fault happened.</summary>
    public IReadOnlyDictionary<Fault, int> Happened => _happened;

    /// <summary>How many lists and watches were begun.</summary>
    public int Follows => _follows;

    /// <summary>What befalls this request.</summary>
    public Fault Of(HttpRequest request)
    {
        var isNextPage = request.Query.ContainsKey("continue");
        var isRead = HttpMethods.IsGet(request.Method);
        if (isRead && !isNextPage)
        {
            Interlocked.Increment(ref _follows);
        }

        if (!IsOn)
        {
            return Fault.None;
        }

        var fault = Next(!isRead ? s_ofWrite : request.Query.ContainsKey("watch") ? s_ofWatch : isNextPage ? s_ofNextPage : s_ofList);
        _happened.AddOrUpdate(fault, 1, (_, count) => count + 1);
        return fault;
    }

    private Fault Next(Fault[] all)
    {
        lock (_lock)
        {
            if (!_next.TryGetValue(all, out var left) || left.Count == 0)
            {
                var shuffled = all.ToArray();
                _random.Shuffle(shuffled);
                _next[all] = left = new Stack<Fault>(shuffled);
            }

            return left.Pop();
        }
    }
}

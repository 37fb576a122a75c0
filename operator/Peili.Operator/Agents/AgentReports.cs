using System.Collections.Concurrent;
using System.Collections.Immutable;
using Peili.AgentApi;

namespace Peili.Operator.Agents;

/// <summary>What the agents answered last, and how they see each other.</summary>
internal sealed class AgentReports
{
    private readonly ConcurrentDictionary<string, AgentReport> _reports = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<string, Member> _members = ImmutableDictionary<string, Member>.Empty;

    /// <summary>Told the node's name when something about its agent changed.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>The members as one of the agents sees them, by node name.</summary>
    public IReadOnlyDictionary<string, Member> Members => _members;

    /// <summary>Of how many nodes something is known.</summary>
    public int Count => _reports.Count;

    /// <summary>Everything that is known, by node name.</summary>
    public IEnumerable<KeyValuePair<string, AgentReport>> All => _reports;

    /// <summary>What is known of the agent of this node; null for nothing.</summary>
    public AgentReport? Of(string node) => _reports.GetValueOrDefault(node);

    /// <summary>Takes an answer, or that there was none.</summary>
    public void Set(string node, AgentReport report)
    {
        _reports[node] = report;
        Changed?.Invoke(node);
    }

    /// <summary>Forgets a node that has no agent any more.</summary>
    public void Remove(string node) => _reports.TryRemove(node, out _);

    /// <summary>Takes a new member table; of whom it tells something else than before the node is told of.</summary>
    public void SetMembers(IEnumerable<Member> members)
    {
        var before = _members;
        _members = members.ToImmutableDictionary(member => member.Name, StringComparer.Ordinal);
        foreach (var name in before.Keys.Union(_members.Keys).Where(name => before.GetValueOrDefault(name)?.State != _members.GetValueOrDefault(name)?.State))
        {
            Changed?.Invoke(name);
        }
    }
}

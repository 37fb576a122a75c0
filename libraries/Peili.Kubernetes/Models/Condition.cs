using System.Text.Json.Serialization;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Models;

/// <summary>One observation about an object; the API reference's Condition.</summary>
public sealed record Condition
{
    /// <summary>What is observed, as in <c>Ready</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The generation of the spec that was looked at.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When <see cref="Status"/> last became another one.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>Why, for a program: one word in CamelCase.</summary>
    public required string Reason { get; init; }

    /// <summary>Why, for a person.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    /// <summary>
    /// This condition among those there were: the others stay as they are, and <see cref="LastTransitionTime"/> stays unless the status flips.
    /// </summary>
    /// <param name="conditions">Those there were, or null.</param>
    /// <param name="now">The time of a transition.</param>
    public IReadOnlyList<Condition> In(IReadOnlyList<Condition>? conditions, DateTimeOffset now)
    {
        var before = conditions?.FirstOrDefault(condition => condition.Type == Type);
        var mine = this with { LastTransitionTime = before?.Status == Status && before.LastTransitionTime is { } since ? since : now };
        return before is null
            ? [.. conditions ?? [], mine]
            : [.. conditions!.Select(condition => condition.Type == Type ? mine : condition)];
    }
}

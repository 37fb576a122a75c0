using Peili.AgentApi;

namespace Peili.Operator.Agents;

/// <summary>What is known of the agent of one node.</summary>
internal sealed record AgentReport
{
    /// <summary>What it answered last; null before it ever did.</summary>
    public StatusReply? Reply { get; init; }

    /// <summary>When it was asked last.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>Its epoch and status version when it was asked, as the member table had them; 0 where it had not.</summary>
    public (ulong Epoch, uint StatusVersion) Version { get; init; }

    /// <summary>Since when it does not answer; null when it does.</summary>
    public DateTimeOffset? UnreachableSince { get; init; }

    /// <summary>Why it does not answer.</summary>
    public string Error { get; init; } = "";

    /// <summary>Whether it answered when it was asked last.</summary>
    public bool IsReachable => Reply is not null && UnreachableSince is null;
}

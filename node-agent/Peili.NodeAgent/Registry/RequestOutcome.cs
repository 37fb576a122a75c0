namespace Peili.NodeAgent.Registry;

/// <summary>How a request ended. What began and did not end whole is a failure, whatever its status line said.</summary>
internal enum RequestOutcome
{
    /// <summary>Answered with all that was asked for, headers alone to HEAD.</summary>
    Hit,

    /// <summary>Nobody has it: 404.</summary>
    Miss,

    /// <summary>The body ended short or had not its digest, or the agent failed.</summary>
    Failure,

    /// <summary>The client left before the end.</summary>
    Abandoned,

    /// <summary>A tag that the registry says the meaning of, for it answers.</summary>
    LeftToUpstream,

    /// <summary>A peer was told to ask another one.</summary>
    Redirected,

    /// <summary>What no client should ask, or what is not mirrored.</summary>
    Refused,
}

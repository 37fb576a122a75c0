namespace Peili.AgentApi.Security;

/// <summary>Why a peer's certificate was refused.</summary>
public enum RefusalReason
{
    /// <summary>The peer showed none.</summary>
    NoCertificate,

    /// <summary>It was not issued under the installation's CA.</summary>
    UnknownAuthority,

    /// <summary>It is expired, or not valid yet.</summary>
    NotTimeValid,

    /// <summary>It has neither the agent's nor the operator's URI SAN.</summary>
    UnknownIdentity,

    /// <summary>It is broken in another way.</summary>
    Invalid,
}

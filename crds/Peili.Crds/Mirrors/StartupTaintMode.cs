namespace Peili.Crds;

/// <summary>What is done about the taint peili.dev/agent-not-ready.</summary>
public enum StartupTaintMode
{
    /// <summary>It is taken off a node once the agent serves, or when there is nothing to wait for.</summary>
    Remove,

    /// <summary>It is left alone.</summary>
    Ignore,
}

namespace Peili.Crds;

/// <summary>What is done about nodes whose containerd needs other settings.</summary>
public enum RemediationMode
{
    /// <summary>They are named with the remedy, and left to you.</summary>
    Off,

    /// <summary>The settings are edited and containerd is restarted, one node after the other; the first failure ends it.</summary>
    Restart,
}

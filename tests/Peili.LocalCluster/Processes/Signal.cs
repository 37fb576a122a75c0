namespace Peili.LocalCluster.Processes;

/// <summary>The signals a test sends, by their numbers on Linux (signal(7)).</summary>
public enum Signal
{
    /// <summary>End at once, without a chance to clean up.</summary>
    Kill = 9,

    /// <summary>End in order.</summary>
    Terminate = 15,

    /// <summary>Go on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Stand still: the kernel still accepts connections for the process, and nobody answers them.</summary>
    Stop = 19,
}

namespace Peili.Kubectl.Commands;

/// <summary>Exit statuses of every command; where <c>peili-agent</c> has the same command, it has the same status.</summary>
internal static class ExitStatus
{
    /// <summary>All is well; or what was asked for is there.</summary>
    public const int Success = 0;

    /// <summary>Something is wrong, or no node holds the image; the output says what.</summary>
    public const int Wrong = 1;

    /// <summary>The node cannot mirror.</summary>
    public const int Unsupported = 2;

    /// <summary>It could not be told, or not be done: the API server or the agents did not answer or refused. Standard error says why.</summary>
    public const int CouldNotTell = 3;

    /// <summary>sysexits' EX_USAGE: an option is wrong; one line on standard error names it.</summary>
    public const int Usage = 64;

    /// <summary>What shells say of a program that SIGINT ended.</summary>
    public const int Interrupted = 130;
}

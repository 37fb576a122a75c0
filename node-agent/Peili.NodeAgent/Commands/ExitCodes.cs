namespace Peili.NodeAgent.Commands;

/// <summary>Exit statuses of every command (sysexits.h where it has one).</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command ran and failed; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>EX_USAGE: an option is wrong; one line on standard error names it.</summary>
    public const int Usage = 64;
}

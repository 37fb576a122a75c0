using System.CommandLine;
using System.CommandLine.Help;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Rest;

namespace Peili.Operator.Commands;

/// <summary>The commands of peili-operator.</summary>
internal static class OperatorCommandLine
{
    private const int Success = 0;
    private const int Failure = 1;

    /// <summary>sysexits' EX_USAGE: an option is wrong; one line on standard error names it.</summary>
    private const int Usage = 64;

    /// <summary>Runs what the arguments say; returns the exit status.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Action is not HelpAction && parsed.Errors.Count > 0)
        {
            return Refuse(parsed.UnmatchedTokens is [var unknown, ..] ? $"{unknown} is no command or option here; see --help" : parsed.Errors[0].Message, Usage);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (exception is KubeConfigException or KubernetesException or IOException or TimeoutException)
        {
            return Refuse(exception.Message, Failure);
        }
    }

    private static RootCommand Create()
    {
        var version = new Command("version", "Print the version and exit.");
        version.SetAction(_ =>
        {
            Console.WriteLine(OperatorVersion.Current);
            return Success;
        });
        return new RootCommand("Peili's operator: rolls the node agent out to the nodes that RegistryMirrors select, and says of each node whether it mirrors.")
        {
            RunCommand.Create(),
            WaitCommand.Create(),
            ReleaseCommand.Create(),
            version,
        };
    }

    private static int Refuse(string message, int status)
    {
        Console.Error.WriteLine($"peili-operator: {message.ReplaceLineEndings(" ")}");
        return status;
    }
}

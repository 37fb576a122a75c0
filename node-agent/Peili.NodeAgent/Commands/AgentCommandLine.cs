using System.CommandLine;
using Peili.Terminal;
using Peili.Terminal.Completion;

namespace Peili.NodeAgent.Commands;

/// <summary>The commands of peili-agent.</summary>
internal static class AgentCommandLine
{
    /// <summary>Runs what the arguments, the environment and the configuration file say; returns the exit status.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = Create();
        var parsed = root.Parse(arguments);
        if (arguments is [var directive, ..] && directive.StartsWith("[suggest", StringComparison.Ordinal))
        {
            // A shell asks what could be typed; what stands in the environment and in files does not count.
            return await parsed.InvokeAsync();
        }

        try
        {
            arguments = OptionSources.Complete(parsed, arguments, Environment.GetEnvironmentVariable);
            parsed = root.Parse(arguments);
        }
        catch (UsageException exception)
        {
            return Refuse(exception.Message);
        }

        if (parsed.Action is not HelpWithExamples && parsed.Errors.Count > 0)
        {
            return Refuse(parsed.UnmatchedTokens is [var unknown, ..] ? $"{Given(unknown, arguments)} is no command or option here; see --help" : parsed.Errors[0].Message);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException exception)
        {
            return Refuse(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"peili-agent: {exception.Message}");
            return ExitCodes.Failure;
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Peili's node agent: serves this node's containerd images to the other nodes of the cluster, and theirs to this node's containerd.")
        {
            ServeCommand.Create(),
            ConfigureCommand.Create(),
            CleanupCommand.Create(),
            RemediateCommand.Create(),
            CheckCommand.Create(),
            StatusCommand.Create(),
            LocateCommand.Create(),
            CompletionCommand.Create("peili-agent"),
            VersionCommand.Create(),
        };
        HelpWithExamples.AddTo(root);
        return root;
    }

    /// <summary>The argument a token comes from, so that a flag given a value is named together with it.</summary>
    private static string Given(string token, string[] arguments) =>
        Array.Find(arguments, argument => argument.EndsWith("=" + token, StringComparison.Ordinal)) ?? token;

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"peili-agent: {message.ReplaceLineEndings(" ")}");
        return ExitCodes.Usage;
    }
}

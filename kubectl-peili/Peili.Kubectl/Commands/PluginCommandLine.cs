using System.CommandLine;
using Peili.Kubectl.Api;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Rest;
using Peili.NodeAgent.Commands;
using Peili.Terminal;

namespace Peili.Kubectl.Commands;

/// <summary>The commands of <c>kubectl peili</c>.</summary>
internal static class PluginCommandLine
{
    /// <summary>Runs what the arguments say; returns the exit status.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = Create();
        if (arguments is [Completion.Command, .. var words])
        {
            return Completion.Write(root, words);
        }

        var parsed = root.Parse(arguments);
        if (parsed.Action is HelpWithExamples)
        {
            return Help(parsed);
        }

        if (parsed.Errors.Count > 0)
        {
            return Refuse(parsed.UnmatchedTokens is [var unknown, ..] ? $"{unknown} is no command or option here; see --help" : parsed.Errors[0].Message, ExitStatus.Usage);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(5) });
        }
        catch (UsageException exception)
        {
            return Refuse(exception.Message, ExitStatus.Usage);
        }
        catch (KubernetesException exception)
        {
            return Refuse(Advice.For(exception), ExitStatus.CouldNotTell);
        }
        catch (Exception exception) when (exception is KubeConfigException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Refuse(exception.Message, ExitStatus.CouldNotTell);
        }
        catch (OperationCanceledException)
        {
            return ExitStatus.Interrupted;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Create()
    {
        var version = new Command("version", "Print the version of this plugin and exit.");
        version.SetAction(_ => Console.WriteLine(PluginVersion.Current));
        var root = new RootCommand(
            "Peili at a glance: is it working, which node is wrong, what to do about it (kubectl peili ...). "
            + "Exit status 0: all is well; 1: something is wrong, or not there; 2: the node cannot mirror; 3: it could not be told; 64: an option is wrong.")
        {
            StatusCommand.Create(),
            NodesCommand.Create(),
            CheckCommand.Create(),
            LocateCommand.Create(),
            BundleCommand.Create(),
            version,
        };
        foreach (var option in ClusterOptions.All)
        {
            root.Options.Add(option);
        }

        HelpWithExamples.AddTo(root);

        return root;
    }

    /// <summary>The help with the name that one types: System.CommandLine knows that of the file.</summary>
    private static int Help(ParseResult parsed)
    {
        using var text = new StringWriter();
        var status = parsed.Invoke(new InvocationConfiguration { Output = text });
        Console.Write(text.ToString().Replace("kubectl-peili", "kubectl peili", StringComparison.Ordinal));
        return status;
    }

    private static int Refuse(string message, int status)
    {
        Console.Error.WriteLine($"kubectl peili: {message.ReplaceLineEndings(" ")}");
        return status;
    }
}

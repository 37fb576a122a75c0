using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Peili.LocalCluster.Containerd;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>The command line. Exit status 0: everything was as promised; 1: it was not, or cannot be shown here; 64: wrong options.</summary>
internal static class DemoCommand
{
    private const int Failure = 1;
    private const int Usage = 64;

    private static readonly Option<ContainerdRelease> Containerd = new("--containerd")
    {
        Description = "The nodes' containerd (default: 1.6).",
        HelpName = "1.6|1.7|2.1",
        CustomParser = ParseRelease,
    };

    private static readonly Option<bool> Keep = new("--keep")
    {
        Description = "Leave everything running until Enter or Ctrl-C, and say how to look at it.",
    };

    private static readonly Command Cluster = new(
        "cluster",
        "Three nodes of a Kubernetes, which the operator gives an agent each: a pod's image comes from upstream, upstream is switched off, pods on the other nodes start all the same.")
    {
        Keep,
    };

    private static readonly Command Agent = new(
        "agent",
        "Three nodes with a containerd and an agent each: one pulls an image from upstream, upstream is switched off, the others pull it from each other.")
    {
        Containerd,
        Keep,
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var command = new RootCommand("Shows on this machine alone what the mirror does.") { Cluster, Agent };
        var parsed = command.Parse(arguments);
        if (parsed.Action is HelpAction)
        {
            return await parsed.InvokeAsync();
        }

        if (parsed.Errors.Count > 0)
        {
            return Refuse(parsed.Errors[0].Message.ReplaceLineEndings(" "), Usage);
        }

        var keep = parsed.GetValue(Keep);
        if (parsed.CommandResult.Command == Cluster)
        {
            return ClusterDemonstration.WhyNot() is { } missing
                ? Refuse(missing, Failure)
                : await RunAsync(cancellationToken => ClusterDemonstration.RunAsync(keep, new Screen(), cancellationToken));
        }

        var release = parsed.GetValue(Containerd);
        return LocalCluster.Cluster.WhyNot(release) is { } reason
            ? Refuse(reason, Failure)
            : await RunAsync(cancellationToken => AgentDemonstration.RunAsync(release, keep, new Screen(), cancellationToken));
    }

    private static async Task<int> RunAsync(Func<CancellationToken, Task<bool>> demonstrateAsync)
    {
        using var interruption = new Interruption();
        try
        {
            return await demonstrateAsync(interruption.Token) ? 0 : Failure;
        }
        catch (Exception) when (interruption.Token.IsCancellationRequested)
        {
            // Ctrl-C reaches the programs of the cluster, too: whatever broke then, broke for that reason.
            return Refuse("interrupted", Interruption.ExitStatus);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException or TimeoutException)
        {
            return Refuse(exception.Message, Failure);
        }
    }

    private static ContainerdRelease ParseRelease(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "1.6":
                return ContainerdRelease.V1_6;
            case "1.7":
                return ContainerdRelease.V1_7;
            case "2.1":
                return ContainerdRelease.V2_1;
            case var other:
                result.AddError($"--containerd must be 1.6, 1.7 or 2.1, not \"{other}\"");
                return default;
        }
    }

    private static int Refuse(string message, int status)
    {
        Console.Error.WriteLine($"demo: {message}");
        return status;
    }
}

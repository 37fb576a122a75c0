using System.CommandLine;
using Peili.Containerd.Configuration;
using Peili.DBus;
using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Remediation;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent remediate</c>: applies what check recommends on this host, safely.</summary>
internal static class RemediateCommand
{
    private const int NotHere = 2;

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Print what would be changed, and what restarted; change nothing.",
    };

    public static Command Create()
    {
        var command = new Command(
            "remediate",
            "Apply the remedy that `check` prints where that is a file on this host: edit containerd's configuration, restart its unit through systemd, see that containerd and its "
            + "CRI plugin are up, and put everything back if they are not. Exit status 0: done, or nothing to do; 1: failed, all is as it was; 2: not to be done by a file "
            + "on this host, and what to do instead.")
        {
            CommonOptions.Config,
            NodeOptions.Flavor,
            NodeOptions.HostRoot,
            NodeOptions.ContainerdSocket,
            NodeOptions.ContainerdConfig,
            NodeOptions.ContainerdVersion,
            CommonOptions.HostsDirectory,
            CommonOptions.RegistryAddress,
            CommonOptions.StatePath,
            DryRun,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var node = await CheckCommand.LookAsync(parsed, cancellationToken);
        if (node.Release is not { } release)
        {
            return node.Flavor.Verdict == FlavorVerdict.Unsupported
                ? Refuse(node, Finding.RuntimeNotContainerd, node.Flavor.Why, config: 0)
                : Fail($"containerd does not answer ({node.Unreachable}), and without its version nothing can be planned");
        }

        try
        {
            var planner = new Planner(node.Host, node.Flavor, node.ConfigFile, release);
            var plan = planner.Make();
            return plan.Refusal is { } refusal
                ? Refuse(node, plan.Finding!.Value, refusal, planner.Read().RootVersion)
                : await CarryOutAsync(parsed, node, planner, plan, cancellationToken);
        }
        catch (ConfigurationException exception)
        {
            return Fail(exception.Message);
        }
        catch (Exception exception) when (exception is DBusException or TimeoutException)
        {
            return Fail($"{exception.Message}; nothing was changed");
        }
    }

    private static async Task<int> CarryOutAsync(ParseResult parsed, NodeUnderCheck node, Planner planner, Plan plan, CancellationToken cancellationToken)
    {
        var units = string.Join(" or ", node.Flavor.Remediation.Units);
        var isStale = plan.Edits.Count == 0 && units.Length > 0 && IsStale(node, planner.Read());
        if (plan.Edits.Count == 0 && !isStale)
        {
            Console.WriteLine("nothing to do");
            return ExitCodes.Success;
        }

        Console.WriteLine(isStale ? "the files are right, but containerd runs with what it read before" : $"to be set: {plan.Wish}");
        if (parsed.GetValue(DryRun))
        {
            foreach (var edit in plan.Edits)
            {
                Console.Write(EditPreview.Of(edit));
            }

            Console.WriteLine(units.Length > 0 ? $"would restart {units}" : $"{node.Flavor.Title} restarts containerd by itself");
            return ExitCodes.Success;
        }

        var remediator = new Remediator(node.Host, node.Flavor, planner, node.SocketPath, parsed.GetRequiredValue(CommonOptions.StatePath), Console.WriteLine);
        return (isStale ? await remediator.RestartAsync(cancellationToken) : await remediator.RunAsync(plan, cancellationToken)) ? Done() : Fail("the remedy failed");
    }

    private static bool IsStale(NodeUnderCheck node, EffectiveConfiguration configuration) =>
        node.Daemon is { } daemon && DaemonChecks.Edited(node, daemon, configuration).Any();

    private static int Done()
    {
        Console.WriteLine("done");
        return ExitCodes.Success;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"peili-agent: {message}");
        return ExitCodes.Failure;
    }

    private static int Refuse(NodeUnderCheck node, Finding finding, string reason, int config)
    {
        Console.WriteLine($"not done here ({node.Flavor.Title}): {reason}");
        if (node.Flavor.StepFor(finding) is { } step)
        {
            Console.WriteLine($"{finding}: {step.Text}");
            Console.Write(step.SnippetFor(config) is { } snippet ? $"\n{snippet.TrimEnd()}\n" : string.Empty);
        }

        return NotHere;
    }
}

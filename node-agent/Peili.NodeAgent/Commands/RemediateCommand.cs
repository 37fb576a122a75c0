using System.CommandLine;
using Peili.Containerd.Configuration;
using Peili.DBus;
using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Remediation;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent remediate</c>: applies what check recommends on this host, safely.</summary>
internal static class RemediateCommand
{
    private const int NotHere = 2;

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Print what would be changed as a unified diff (credentials as ***), and what restarted; change nothing.",
    };

    public static Command Create()
    {
        var command = new HelpfulCommand(
            "remediate",
            "Apply the remedy that `check` prints where that is a file on this host: edit containerd's configuration, restart its unit through systemd, see that containerd and its "
            + "CRI plugin are up, and put everything back if they are not. Exit status 0: done, or nothing to do; 1: failed, all is as it was; 2: not to be done by a file "
            + "on this host, and what to do instead.",
            """
            peili-agent check                    # what is wrong
            peili-agent remediate --dry-run      # what would be edited, as a diff, and restarted
            peili-agent remediate                # on one node at a time, as root
            """)
        {
            CommonOptions.Config,
        };
        NodeLook.AddTo(command);
        command.Options.Add(CommonOptions.StatePath);
        command.Options.Add(DryRun);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var node = await LookAsync(parsed, cancellationToken);
        var report = NodeCheck.Run(node);
        if (report.Verdict == FlavorVerdict.Unsupported)
        {
            return Refuse(report, node.Flavor.Why);
        }

        if (node.Release is not { } release)
        {
            return Fail($"containerd does not answer ({node.Unreachable}), and without its version nothing can be planned");
        }

        try
        {
            var planner = new Planner(node.Host, node.Flavor, node.ConfigFile, node.HostsDirectory, release);
            var plan = planner.Make();
            return plan.Refusal is { } refusal ? Refuse(report, refusal)
                : plan.Edits.Count > 0 ? await CarryOutAsync(parsed, node, planner, plan, cancellationToken)
                : IsStale(report) && node.Flavor.Remediation.Units.Count > 0 ? await RestartAsync(parsed, node, planner, cancellationToken)
                : report.Findings.Any(finding => finding.Severity == FindingSeverity.Error) ? Refuse(report, "containerd's configuration is as it should be")
                : Succeed("nothing to do");
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
        Console.WriteLine($"to be set: {plan.Wish}");
        if (!parsed.GetValue(DryRun))
        {
            return await ActAsync(parsed, node, planner, remediator => remediator.RunAsync(plan, cancellationToken)) ? Succeed("done") : Fail("the remedy failed");
        }

        foreach (var edit in plan.Edits)
        {
            Console.Write(RemedyPreview.Of(edit));
        }

        return Succeed(RestartPreview(node));
    }

    /// <summary>Somebody edited the files and did not restart containerd; or an earlier run was killed in between.</summary>
    private static async Task<int> RestartAsync(ParseResult parsed, NodeUnderCheck node, Planner planner, CancellationToken cancellationToken)
    {
        Console.WriteLine("the files are right, but containerd runs with what it read before");
        return parsed.GetValue(DryRun) ? Succeed(RestartPreview(node))
            : await ActAsync(parsed, node, planner, remediator => remediator.RestartAsync(cancellationToken)) ? Succeed("done")
            : Fail("the restart failed");
    }

    private static bool IsStale(CheckReport report) => report.Findings.Any(finding => finding.Reason == Finding.EditedSinceStart);

    private static async Task<NodeUnderCheck> LookAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var progress = Progress.Start();
        progress.Say("asking containerd");
        return await NodeLook.LookAsync(parsed, cancellationToken);
    }

    private static async Task<bool> ActAsync(ParseResult parsed, NodeUnderCheck node, Planner planner, Func<Remediator, Task<bool>> act)
    {
        using var progress = Progress.Start();
        return await act(new Remediator(node.Host, node.Flavor, planner, node.SocketPath, parsed.GetRequiredValue(CommonOptions.StatePath), progress));
    }

    private static string RestartPreview(NodeUnderCheck node) => node.Flavor.Remediation.Units is { Count: > 0 } units
        ? $"would restart {string.Join(" or ", units)}"
        : $"{node.Flavor.Title} restarts containerd by itself";

    private static int Succeed(string message)
    {
        Console.WriteLine(message);
        return ExitCodes.Success;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"peili-agent: {message}");
        return ExitCodes.Failure;
    }

    private static int Refuse(CheckReport report, string reason)
    {
        Console.WriteLine($"nothing was changed: {reason}");
        var page = TextReport.ForStandardOutput();
        CheckTable.Write(report, page);
        Console.Write(page);
        return NotHere;
    }
}

using System.CommandLine;
using Peili.NodeAgent.Operations;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent locate</c>: which nodes hold an image or a blob.</summary>
internal static class LocateCommand
{
    private static readonly Argument<string> Reference = new("REF")
    {
        Description = "An image's name (redis:7, registry.example/team/app:1), host/repository@sha256:..., or a digest.",
    };

    public static Command Create()
    {
        var command = new Command("locate", "Say which nodes hold an image or a digest. Exit status 1 when no node does.")
        {
            Reference,
        };
        command.Options.Add(CommonOptions.OperationsAddress);
        command.Options.Add(CommonOptions.Output);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var answer = await OperationsClient.GetAsync(
            parsed.GetRequiredValue(CommonOptions.OperationsAddress),
            $"/locate?ref={Uri.EscapeDataString(parsed.GetRequiredValue(Reference))}",
            cancellationToken);
        var report = OperationsClient.Read(answer, AgentStatusJson.Default.LocateReport);
        Output.Write(parsed.GetValue(CommonOptions.Output), answer, () => Write(report));

        return report.Holders.Any(holder => holder.Holds == true) ? 0 : ExitCodes.Failure;
    }

    private static void Write(LocateReport report)
    {
        if (report.Holders.Count == 0)
        {
            Console.WriteLine($"no node holds {report.Reference}");
            return;
        }

        Table.Write(
        [
            ["NODE", "ADDRESS", "ZONE", "HOLDS IT"],
            .. report.Holders.Select(holder => (string[])[holder.Node, holder.Address, holder.Zone, Answer(holder)]),
        ]);
        if (!report.Complete)
        {
            Console.WriteLine("(in clusters this large the directory's three nearest candidates; there may be more)");
        }
    }

    private static string Answer(HolderReport holder) => holder switch
    {
        { Holds: true, Announced: true } => "yes",
        { Holds: true } => "yes, not announced yet",
        { Holds: false } => "no more",
        _ => "does not answer",
    };
}

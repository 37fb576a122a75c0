using System.CommandLine;
using Peili.NodeAgent.Operations;
using Peili.Terminal;

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
        var command = new HelpfulCommand(
            "locate",
            "Say which nodes hold an image or a digest. Exit status 1 when no node does.",
            """
            peili-agent locate redis:7
            peili-agent locate registry.example/team/app:1.4 --watch     # see it spread
            peili-agent locate sha256:4fa2... --output json
            """)
        {
            Reference,
        };
        command.Options.Add(CommonOptions.OperationsAddress);
        AnswerOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Answers.ShowAsync(parsed, (progress, token) => AskAsync(parsed, progress, token), cancellationToken));
        return command;
    }

    private static async Task<Answer> AskAsync(ParseResult parsed, Progress progress, CancellationToken cancellationToken)
    {
        progress.Say("asking the agent, which asks the other nodes");
        var answer = await OperationsClient.GetAsync(
            parsed.GetRequiredValue(CommonOptions.OperationsAddress),
            $"/locate?ref={Uri.EscapeDataString(parsed.GetRequiredValue(Reference))}",
            cancellationToken);
        var report = OperationsClient.Read(answer, AgentStatusJson.Default.LocateReport);
        return new Answer(answer, page => LocateTable.Write(report, page), report.Holders.Any(holder => holder.Holds == true) ? 0 : ExitCodes.Failure);
    }
}

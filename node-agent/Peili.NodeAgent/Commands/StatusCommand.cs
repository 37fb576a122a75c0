using System.CommandLine;
using Peili.NodeAgent.Operations;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent status</c>: how the agent of this node is, and whom it sees.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new HelpfulCommand(
            "status",
            "Ask the agent that runs on this node: containerd, the other nodes, transfers, and what to do about what is wrong. Exit status 1 when it is not ready.",
            """
            peili-agent status
            peili-agent status --watch                # until Ctrl-C; the agent may restart meanwhile
            peili-agent status --output wide          # every member, every column, totals since the start
            peili-agent status --output json | jq -r '.overlay.members[] | select(.condition) | .name'
            kubectl -n peili-system exec POD -- peili-agent status
            """);
        command.Options.Add(CommonOptions.OperationsAddress);
        AnswerOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Answers.ShowAsync(parsed, (progress, token) => AskAsync(parsed, progress, token), cancellationToken));
        return command;
    }

    private static async Task<Answer> AskAsync(ParseResult parsed, Progress progress, CancellationToken cancellationToken)
    {
        progress.Say("asking the agent");
        var answer = await OperationsClient.GetAsync(parsed.GetRequiredValue(CommonOptions.OperationsAddress), "/status", cancellationToken);
        var status = OperationsClient.Read(answer, AgentStatusJson.Default.AgentStatus);
        return new Answer(answer, page => StatusTable.Write(status, page), status.NotReady is null ? 0 : ExitCodes.Failure, status.Started);
    }
}

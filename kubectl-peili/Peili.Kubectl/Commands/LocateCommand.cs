using System.CommandLine;
using Peili.Kubectl.Agents;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Operations;
using Peili.Terminal;

namespace Peili.Kubectl.Commands;

/// <summary><c>kubectl peili locate</c>: which nodes hold an image or a blob.</summary>
internal static class LocateCommand
{
    private static readonly Argument<string> s_image = new("IMAGE")
    {
        Description = "An image's name (redis:7, registry.example/team/app:1), host/repository@sha256:..., or a digest.",
    };

    public static Command Create()
    {
        var command = new HelpfulCommand(
            "locate",
            "Say which nodes hold an image or a digest. It asks a ready agent, through kubectl port-forward, and another one where that fails. Exit status 1 when no node holds it.",
            "kubectl peili locate registry.example/team/app:1")
        {
            s_image,
        };
        AnswerOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => Answers.ShowAsync(parsed, (progress, token) => AskAsync(parsed, progress, token), cancellation));
        return command;
    }

    private static async Task<Answer> AskAsync(ParseResult parsed, Progress progress, CancellationToken cancellationToken)
    {
        using var installation = ClusterOptions.Connect(parsed);
        progress.Say("looking for a ready agent");
        var question = $"/locate?ref={Uri.EscapeDataString(parsed.GetRequiredValue(s_image))}";
        var (json, answer) = await AgentDirectory.AskAnyAsync(
            installation,
            await AgentDirectory.ReadAsync(installation, cancellationToken),
            progress,
            connection => connection.GetAsync(question, AgentStatusJson.Default.LocateReport, cancellationToken),
            cancellationToken);
        return new Answer(json, page => LocateTable.Write(answer, page), answer.Holders.Any(holder => holder.Holds == true) ? ExitStatus.Success : ExitStatus.Wrong);
    }
}

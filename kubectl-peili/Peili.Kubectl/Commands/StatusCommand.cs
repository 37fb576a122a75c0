using System.CommandLine;
using System.Text.Json;
using Peili.Kubectl.Overview;
using Peili.Terminal;

namespace Peili.Kubectl.Commands;

/// <summary><c>kubectl peili status</c>: the whole installation at a glance.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new HelpfulCommand(
            "status",
            "The installation at a glance: RegistryMirrors, operator, agents, nodes by kind and verdict, what was saved, and what to do where something is wrong. "
            + "Exit status 0: nothing is wrong; 1: something is; 3: it could not be told.",
            "kubectl peili status --watch");
        AnswerOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => Answers.ShowAsync(parsed, (progress, token) => AskAsync(parsed, progress, token), cancellation));
        return command;
    }

    private static async Task<Answer> AskAsync(ParseResult parsed, Progress progress, CancellationToken cancellationToken)
    {
        using var installation = ClusterOptions.Connect(parsed);
        progress.Say($"asking {installation.Server}");
        var overview = await InstallationOverview.ReadAsync(installation, DateTimeOffset.UtcNow, cancellationToken);
        return new Answer(
            JsonSerializer.SerializeToUtf8Bytes(overview, OverviewJson.Readable().InstallationOverview),
            report => OverviewTable.Write(report, overview, DateTimeOffset.UtcNow),
            overview.Problems.Any(problem => problem.IsWrong) ? ExitStatus.Wrong : ExitStatus.Success);
    }
}

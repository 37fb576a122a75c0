using System.CommandLine;
using System.Text.Json;
using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent check</c>: verifies this node's containerd for mirroring.</summary>
internal static class CheckCommand
{
    private const int CouldNotTell = 3;

    private static readonly Option<bool> ProbeOption = new("--probe")
    {
        Description = "Prove it: have containerd pull a made-up name, and see that the running agent is asked for it.",
    };

    public static Command Create()
    {
        var command = new HelpfulCommand(
            "check",
            "Verify that this node's containerd reads the agent's hosts.toml and keeps what it pulls, and say exactly what to do where it does not. "
            + "Nothing is changed and nothing is run on the host. Exit status 0: compatible; 1: needs configuration; 2: unsupported; 3: could not tell.",
            """
            peili-agent check                       # on the node, as root
            peili-agent check --probe               # and prove it by a pull, with the agent running
            peili-agent check --watch               # while you edit and restart containerd
            peili-agent check --host-root /host     # in a container that has the node's / mounted there
            peili-agent check --flavor kubeadm --containerd-socket /run/my/containerd.sock --containerd-config /etc/my.toml --hosts-dir /etc/my/certs.d
            """)
        {
            CommonOptions.Config,
        };
        NodeLook.AddTo(command);
        command.Options.Add(CommonOptions.OperationsAddress);
        command.Options.Add(ProbeOption);
        AnswerOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            return await Answers.ShowAsync(parsed, (progress, token) => CheckAsync(parsed, progress, token), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"peili-agent: {exception.Message}");
            return CouldNotTell;
        }
    }

    private static async Task<Answer> CheckAsync(ParseResult parsed, Progress progress, CancellationToken cancellationToken)
    {
        progress.Say("asking containerd");
        var node = await NodeLook.LookAsync(parsed, cancellationToken);
        var report = NodeCheck.Run(node);
        if (parsed.GetValue(ProbeOption) && node.Daemon is { CriError: null, HasCri: true })
        {
            progress.Say("having containerd pull a made-up name");
            var failure = await Probe.RunAsync(node, report, parsed.GetRequiredValue(CommonOptions.OperationsAddress), cancellationToken);
            report = failure is null ? report : report.With(node, [failure]);
        }

        var status = report.Verdict switch
        {
            FlavorVerdict.Compatible => 0,
            FlavorVerdict.NeedsConfiguration => 1,
            FlavorVerdict.Unsupported => 2,
            _ => CouldNotTell,
        };
        return new Answer(JsonSerializer.SerializeToUtf8Bytes(report, CheckReportJson.Readable().CheckReport), page => CheckTable.Write(report, page), status);
    }
}

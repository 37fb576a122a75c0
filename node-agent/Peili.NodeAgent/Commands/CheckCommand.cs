using System.CommandLine;
using System.Text.Json;
using Peili.Flavors;
using Peili.NodeAgent.Checks;

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
        var command = new Command(
            "check",
            "Verify that this node's containerd reads the agent's hosts.toml and keeps what it pulls, and say exactly what to do where it does not. "
            + "Nothing is changed and nothing is run on the host. Exit status 0: compatible; 1: needs configuration; 2: unsupported; 3: could not tell.")
        {
            CommonOptions.Config,
        };
        NodeLook.AddTo(command);
        command.Options.Add(CommonOptions.OperationsAddress);
        command.Options.Add(ProbeOption);
        command.Options.Add(CommonOptions.Output);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            return await CheckAsync(parsed, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"peili-agent: {exception.Message}");
            return CouldNotTell;
        }
    }

    private static async Task<int> CheckAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var node = await NodeLook.LookAsync(parsed, cancellationToken);
        var report = NodeCheck.Run(node);
        if (parsed.GetValue(ProbeOption) && node.Daemon is { CriError: null, HasCri: true })
        {
            var failure = await Probe.RunAsync(node, report, parsed.GetRequiredValue(CommonOptions.OperationsAddress), cancellationToken);
            report = failure is null ? report : report.With(node, [failure]);
        }

        Output.Write(
            parsed.GetValue(CommonOptions.Output), JsonSerializer.SerializeToUtf8Bytes(report, CheckReportJson.Readable().CheckReport), () => CheckTable.Write(report));
        return report.Verdict switch
        {
            FlavorVerdict.Compatible => 0,
            FlavorVerdict.NeedsConfiguration => 1,
            FlavorVerdict.Unsupported => 2,
            _ => CouldNotTell,
        };
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Peili.Kubectl.Bundle;
using Peili.Kubernetes.Discovery;
using Peili.Terminal;

namespace Peili.Kubectl.Commands;

/// <summary><c>kubectl peili bundle</c>: everything that somebody who helps wants to see, in one file.</summary>
internal static class BundleCommand
{
    private const string LeftOut = "Secrets are not read; values of environment variables, and whatever looks like a password, token, key, credential or header's value, are replaced by [removed].";

    private static readonly Option<string?> s_file = new("--file", "-f")
    {
        Description = "Where to write it (default: peili-bundle-TIME.tar.gz in the current folder).",
        HelpName = "FILE",
    };

    private static readonly Option<int> s_maxAgents = new("--max-agents")
    {
        Description = "How many agents to ask at most; those of nodes that do not mirror come first.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };

    public static Command Create()
    {
        s_maxAgents.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0))
            {
                result.AddError($"--max-agents must be a whole number from 0 on, not \"{text}\"");
            }
        });
        var command = new HelpfulCommand(
            "bundle",
            "Write a support archive: resources, statuses, events, the last 5000 lines (1 MiB at most) of each log of operator and agents, what agents answer, versions. "
            + $"{LeftOut} Its manifest.json says what is in it, and what could not be had and why. Exit status 0: it is written; 3: it is not.",
            "kubectl peili bundle --file support.tar.gz && tar -tzf support.tar.gz")
        {
            s_file, s_maxAgents,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var installation = ClusterOptions.Connect(parsed);
        using var progress = Progress.Start();
        progress.Say($"asking {installation.Server}");
        var kubernetes = await installation.Client.GetVersionAsync(cancellationToken);
        var nodes = await installation.ReadNodesAsync(cancellationToken);

        var now = DateTimeOffset.UtcNow;
        var path = parsed.GetValue(s_file) ?? string.Create(CultureInfo.InvariantCulture, $"peili-bundle-{now:yyyyMMdd'T'HHmmss'Z'}.tar.gz");
        await using var archive = new BundleArchive(path, now);
        await new BundleCollector(installation, archive, progress).CollectAsync(nodes, parsed.GetValue(s_maxAgents), cancellationToken);
        var manifest = new BundleManifest(
            now,
            PluginVersion.Current,
            kubernetes.GitVersion,
            installation.Namespace,
            nodes.GroupBy(node => node.Status?.Agent?.Version is { Length: > 0 } version ? version : "unknown", StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
            LeftOut,
            archive.Files,
            archive.Missing);
        await archive.AddJsonAsync("manifest.json", JsonSerializer.SerializeToNode(manifest, BundleJson.Readable().BundleManifest), cancellationToken);
        var bytes = await archive.CompleteAsync(cancellationToken);

        progress.Dispose();
        var report = TextReport.ForStandardOutput();
        report.Line($"{path}: {ByteCount.Format(bytes)}, {archive.Files.Count} files, without secrets; look through it before you send it");
        foreach (var missing in archive.Missing)
        {
            report.Paragraph(new Cell($"not in it: {missing.Path}: {missing.Why}", Tint.Yellow));
        }

        Console.Write(report);
        return ExitStatus.Success;
    }
}

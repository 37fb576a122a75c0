using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Peili.Docs.Tests.Support;
using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Processes;

namespace Peili.Docs.Tests;

/// <summary>The quick start, as a newcomer follows it: the demo, a node that is broken on purpose, and its repair.</summary>
public sealed partial class QuickStartTests
{
    /// <summary>The page.</summary>
    public const string Path = "docs/quick-start.md";

    private const int MostMilliseconds = 60_000;
    private const string FolderOnPage = "/tmp/peili-clusters/1a2b3c";
    private const string VersionOnPage = "1.6.20~ds1";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_newcomer_sees_the_demo_breaks_a_node_and_repairs_it()
    {
        Assert.SkipWhen(Cluster.WhyNot(ContainerdRelease.V1_6) is not null, Cluster.WhyNot(ContainerdRelease.V1_6) ?? "");
        var page = Page.Of(Path);
        Block[] blocks = [.. page.Blocks.Where(block => block.IsRun)];
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(s_patience);
        var directory = Directory.CreateTempSubdirectory("peili-docs-");
        using var demo = StartDemo(blocks[0].Text);
        try
        {
            var shown = await ReadUntilAsync(demo, "Enter or Ctrl-C", bound.Token);
            Transcript.CheckOutput(Path, page.Blocks.First(block => block is { Language: "text", Class: "output" }).Text, shown);
            var folder = Folder().Match(shown).Groups["folder"].Value;
            var version = Version().Match(shown).Groups["version"].Value;

            var transcript = new Transcript(
                directory.FullName,
                page,
                blocks[1..],
                text => text.Replace(FolderOnPage, folder, StringComparison.Ordinal).Replace(VersionOnPage, version, StringComparison.Ordinal));
            transcript.Check((await Command.RunAsync("bash", [transcript.Script], "", bound.Token)).ExitCode);

            await demo.StandardInput.WriteLineAsync();
            await demo.WaitForExitAsync(bound.Token);
            demo.ExitCode.ShouldBe(0);
            Directory.Exists(folder).ShouldBeFalse();
        }
        finally
        {
            // Killed, it leaves nothing that runs, and the next cluster takes its folder away.
            demo.Kill(entireProcessTree: true);
            directory.Delete(recursive: true);
        }
    }

    // What `make test` has set up and built already is left as it is.
    private static Process StartDemo(string command)
    {
        command.ShouldStartWith("make ");
        return Process.Start(new ProcessStartInfo("make", ["--old-file=setup", "--old-file=build", .. command.Split(' ')[1..]])
        {
            UseShellExecute = false,
            WorkingDirectory = Checkout.PathOf(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    private static async Task<string> ReadUntilAsync(Process demo, string end, CancellationToken cancellationToken)
    {
        var shown = new StringBuilder();
        while (await demo.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            shown.AppendLine(line.TrimEnd());
            if (line.Contains(end, StringComparison.Ordinal))
            {
                return shown.ToString();
            }
        }

        throw new InvalidOperationException($"the demo ended:\n{shown}");
    }

    [GeneratedRegex(@"run(?:ning)?\s+below\s+(?<folder>\S+),", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Folder();

    [GeneratedRegex(@"containerd (?<version>\S+), agent ready in", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Version();
}

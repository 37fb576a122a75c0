using Peili.Docs.Tests.Support;
using Peili.LocalCluster;

namespace Peili.Docs.Tests;

/// <summary>Commands that no test runs are at least such as there are: commands, options, targets, files, resources and fields.</summary>
public sealed class CommandTests
{
    // Programs of others, which are not asked.
    private static readonly string[] s_others =
        ["$enter", "cp", "ctr", "curl", "echo", "helm", "install", "k0s", "k3s", "ls", "minikube", "openssl", "sed", "skopeo", "systemctl", "talosctl"];

    [Fact]
    public async Task Every_command_of_a_block_is_one_that_there_is()
    {
        var faults = new List<string>();
        foreach (var (page, block) in Page.All.SelectMany(page => page.Blocks.Where(block => block.Language == "sh").Select(block => (page, block))))
        {
            foreach (var command in Shell.Commands(block.Text))
            {
                var fault = IsOurs(command[0]) ? await FaultAsync(command) : s_others.Contains(command[0]) || command[0].Contains('=', StringComparison.Ordinal) ? null : "unknown program";
                if (fault is not null)
                {
                    faults.Add($"{page.Path}:{block.Line}: {string.Join(' ', command)}: {fault}");
                }
            }
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_command_of_a_sentence_is_one_that_there_is()
    {
        var faults = new List<string>();
        foreach (var (page, line, text) in Page.Current.SelectMany(page => page.Spans.Select(span => (page, span.Line, span.Text))))
        {
            foreach (var command in Shell.Commands(text).Where(command => IsOurs(command[0])))
            {
                if (await FaultAsync(command) is { } fault)
                {
                    faults.Add($"{page.Path}:{line}: {text}: {fault}");
                }
            }
        }

        faults.ShouldBeEmpty();
    }

    private static bool IsOurs(string program) => Path.GetFileName(program) is "make" or "kubectl" || Programs.Find(Path.GetFileName(program)) is not null;

    private static async Task<string?> FaultAsync(IReadOnlyList<string> words)
    {
        if (words is ["kubectl", "peili", ..])
        {
            words = ["kubectl-peili", .. words.Skip(2)];
        }

        var missing = words.Where(word => word.StartsWith("config/", StringComparison.Ordinal) && !Path.Exists(Checkout.PathOf(word))).ToArray();
        return missing.Length > 0 ? $"there is no {missing[0]}" : Path.GetFileName(words[0]) switch
        {
            "make" => words.Skip(1).Where(word => !word.Contains('=', StringComparison.Ordinal) && !Programs.Targets.Contains(word)).Select(word => $"there is no target {word}").FirstOrDefault(),
            "kubectl" => await Kubectl.FaultAsync(words),
            var program => await FaultOfProgramAsync(program, words),
        };
    }

    private static async Task<string?> FaultOfProgramAsync(string program, IReadOnlyList<string> words)
    {
        if (words.Count == 1)
        {
            return null;
        }

        if (!words[1].StartsWith('-') && !(await Programs.CommandsAsync(program)).Contains(words[1]))
        {
            return $"{program} has no command {words[1]}";
        }

        var known = await Programs.OptionsAsync([program, .. words.Skip(1).Take(words[1].StartsWith('-') ? 0 : 1)]);
        return words.Skip(1).Where(word => word.StartsWith('-')).Select(word => word.Split('=')[0]).Where(option => !known.Contains(option))
            .Select(option => $"{program} {words[1]} has no option {option}").FirstOrDefault();
    }
}

using System.CommandLine;
using System.CommandLine.Completions;
using Peili.Kubectl.Api;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Kubectl.Commands;

/// <summary>
/// What the shell offers after Tab. kubectl runs <c>kubectl_complete-peili</c> for it, which runs <c>kubectl-peili __complete WORDS...</c>; the answer is in cobra's form: one
/// completion a line, a description after a tab, and at the end what the shell is not to do.
/// </summary>
internal static class Completion
{
    public const string Command = "__complete";

    /// <summary>cobra's ShellCompDirectiveNoFileComp: names of files are no completions.</summary>
    private const int NoFiles = 4;

    /// <summary>cobra's ShellCompDirectiveDefault: where there is none, names of files are.</summary>
    private const int Files = 0;

    /// <summary>A person waits at a prompt.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Writes the completions of the last word.</summary>
    public static int Write(RootCommand root, IReadOnlyList<string> words)
    {
        // As text, and not as words: only so is an option's value known that is still empty.
        var last = words.Count > 0 ? words[^1] : "";
        var text = string.Concat(words.SkipLast(1).Select(word => word.Any(char.IsWhiteSpace) ? $"\"{word}\" " : $"{word} ")) + last;
        var items = root.Parse(text).GetCompletions(text.Length)
            .Where(item => item.Label.StartsWith(last, StringComparison.Ordinal) && item.Label.StartsWith('-') == last.StartsWith('-') && !item.Label.StartsWith('/'))
            .DistinctBy(item => item.Label);
        foreach (var item in items)
        {
            Console.WriteLine(item.Detail is { Length: > 0 } detail ? $"{item.Label}\t{FirstClause(detail)}" : item.Label);
        }

        Console.WriteLine($":{(words.Count > 1 && words[^2] is "--kubeconfig" or "--file" or "-f" ? Files : NoFiles)}");
        return ExitStatus.Success;
    }

    private static string FirstClause(string text) => text.ReplaceLineEndings(" ").Split([". ", ": ", ";"], 2, StringSplitOptions.None)[0].TrimEnd('.');

    /// <summary>Offers the names of objects of the cluster that the command line so far names.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Names<T>(Func<Installation, CancellationToken, Task<IReadOnlyList<T>>> read)
        where T : KubernetesObject =>
        context => Of(() =>
        {
            using var installation = ClusterOptions.Connect(context.ParseResult, s_patience);
            using var bound = new CancellationTokenSource(s_patience);
            return [.. read(installation, bound.Token).GetAwaiter().GetResult().Select(item => item.Metadata.Name ?? "")];
        });

    /// <summary>Offers names; none where they cannot be had: at a prompt nobody wants to read why.</summary>
    public static IEnumerable<CompletionItem> Of(Func<IEnumerable<string>> read)
    {
        try
        {
            return [.. read().Select(name => new CompletionItem(name))];
        }
        catch (Exception exception) when (exception is KubernetesException or KubeConfigException or IOException or OperationCanceledException)
        {
            return [];
        }
    }
}

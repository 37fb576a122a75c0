using System.Text.RegularExpressions;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;

namespace Peili.Docs.Tests.Support;

/// <summary>What the programs say of themselves.</summary>
internal static partial class Programs
{
    private const int MostMilliseconds = 60_000;

    private static readonly Dictionary<string, string> s_help = new(StringComparer.Ordinal);

    /// <summary>The targets of the Makefile.</summary>
    public static IReadOnlySet<string> Targets { get; } =
        Target().Matches(File.ReadAllText(Checkout.PathOf("Makefile"))).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>Ours, of which kubectl calls one by another name.</summary>
    public static IReadOnlyList<string> Ours { get; } = ["peili-agent", "peili-operator", "kubectl-peili"];

    /// <summary>Where a program of ours was built; null for one that is not ours.</summary>
    public static string? Find(string name) => name == "peili-agent" ? AgentOptions.DefaultProgram : Ours.Contains(name) ? Checkout.PathOf("artifacts", "bin", name) : null;

    /// <summary>The commands of one of ours.</summary>
    public static async Task<IReadOnlySet<string>> CommandsAsync(string program) =>
        Command().Matches((await HelpAsync(program)).Split("Commands:")[^1]).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The options of a command, with their dashes.</summary>
    public static async Task<IReadOnlySet<string>> OptionsAsync(params string[] command) =>
        Option().Matches(await HelpAsync(command)).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    private static async Task<string> HelpAsync(params string[] command)
    {
        var key = string.Join(' ', command);
        if (!s_help.TryGetValue(key, out var help))
        {
            var result = await LocalCluster.Processes.Command.RunAsync(
                Find(command[0]) ?? command[0], [.. command.Skip(1), "--help"], "", TestContext.Current.CancellationToken);
            s_help[key] = help = result.OutputOrThrow(key);
        }

        return help;
    }

    [GeneratedRegex("^(?<name>[a-z][a-z-]*):", RegexOptions.Multiline, MostMilliseconds)]
    private static partial Regex Target();

    [GeneratedRegex("^  (?<name>[a-z][a-z-]*)", RegexOptions.Multiline, MostMilliseconds)]
    private static partial Regex Command();

    [GeneratedRegex("(?<![a-z-])--?[a-z][a-z0-9-]*", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Option();
}

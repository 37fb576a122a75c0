using System.CommandLine;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Commands;

/// <summary>
/// Every option of a command can also stand in the environment (PEILI_NODE_NAME for --node-name; commas between repeated values) and in the YAML file
/// of --config (node-name). The command line wins, then the environment, then the file.
/// </summary>
internal static class OptionSources
{
    private const string Prefix = "PEILI_";

    /// <summary>
    /// Appends to <paramref name="arguments"/> what the environment and the file say of options not given there, as name=value: a value alone that
    /// begins with a dash or an at sign would be taken for something else.
    /// </summary>
    /// <exception cref="UsageException">The file cannot be read, or has a key that is no option.</exception>
    public static string[] Complete(ParseResult parsed, string[] arguments, Func<string, string?> environment)
    {
        var command = parsed.CommandResult.Command;
        var file = FileOf(parsed, environment) is { } path ? ConfigurationFile.Read(path) : null;
        file?.RefuseUnknown(KnownOptions(parsed.RootCommandResult.Command));
        var added = command.Options
            .Where(option => option.Name.StartsWith("--", StringComparison.Ordinal) && option is not (System.CommandLine.Help.HelpOption or VersionOption))
            .Where(option => parsed.GetResult(option) is not { Implicit: false })
            .SelectMany(option => ValuesOf(option, environment, file).Select(value => $"{option.Name}={value}"));
        return [.. arguments, .. added];
    }

    /// <summary>The environment variable of an option.</summary>
    public static string VariableOf(string option) => Prefix + option.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    private static string? FileOf(ParseResult parsed, Func<string, string?> environment) =>
        parsed.GetResult(CommonOptions.Config) is { Tokens: [var given, ..] } ? given.Value : environment(VariableOf(CommonOptions.Config.Name));

    private static IEnumerable<string> ValuesOf(Option option, Func<string, string?> environment, ConfigurationFile? file) =>
        environment(VariableOf(option.Name)) is { Length: > 0 } value
            ? option.Arity.MaximumNumberOfValues > 1 ? value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [value]
            : file?.ValuesOf(option.Name.TrimStart('-')) ?? [];

    private static IReadOnlyCollection<string> KnownOptions(Command root) =>
        [.. root.Subcommands.SelectMany(command => command.Options).Select(option => option.Name.TrimStart('-'))];
}

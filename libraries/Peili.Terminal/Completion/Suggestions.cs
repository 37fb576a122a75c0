using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.Globalization;

namespace Peili.Terminal.Completion;

/// <summary>
/// What a shell may put where the cursor is: the directive <c>[suggest:POSITION] "LINE"</c> of System.CommandLine, answered from its symbols. Its own answer
/// has nothing after a flag or a repeatable option, fails at <c>--output=j</c>, and lists <c>/?</c>.
/// </summary>
public static class Suggestions
{
    private const string Directive = "[suggest:";

    /// <summary>Answers a shell's question on standard output, one suggestion a line.</summary>
    /// <returns>Whether it was one.</returns>
    public static bool TryAnswer(RootCommand root, string[] arguments)
    {
        if (arguments is not [var directive, var line] || !directive.StartsWith(Directive, StringComparison.Ordinal)
            || !int.TryParse(directive.AsSpan(Directive.Length).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return false;
        }

        foreach (var suggestion in For(root, line[..Math.Min(position, line.Length)]))
        {
            Console.WriteLine(suggestion);
        }

        return true;
    }

    /// <summary>What may stand at the end of a line that begins with the program's name, in the order of the alphabet.</summary>
    internal static IEnumerable<string> For(RootCommand root, string line)
    {
        string[] words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
        var isBegun = words.Length > 0 && !line.EndsWith(' ');
        var word = isBegun ? words[^1] : string.Empty;
        string[] before = isBegun ? words[..^1] : words;
        var parsed = root.Parse(before);
        var command = parsed.CommandResult.Command;
        return Find(root, command, parsed, before, word).Where(suggestion => suggestion.StartsWith(word[(word.IndexOf('=') + 1)..], StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Find(RootCommand root, Command command, ParseResult parsed, string[] before, string word)
    {
        Option[] options = [.. command == root ? command.Options : command.Options.Concat(root.Options.Where(option => option.Recursive))];
        if (word.IndexOf('=') is > 0 and var equals)
        {
            return options.FirstOrDefault(option => option.Name == word[..equals]) is { } assigned ? Values(assigned) : [];
        }

        if (before is [.., var last] && options.FirstOrDefault(option => option.Name == last || option.Aliases.Contains(last)) is { Arity.MinimumNumberOfValues: > 0 } waiting)
        {
            return Values(waiting);
        }

        return word.StartsWith('-')
            ? options.Where(option => option is HelpOption || option.Arity.MaximumNumberOfValues > 1 || parsed.GetResult(option) is not { Implicit: false }).Select(option => option.Name)
            : command.Subcommands.Select(subcommand => subcommand.Name).Concat(command.Arguments.Where(argument => parsed.GetResult(argument) is not { Tokens.Count: > 0 }).SelectMany(Values));
    }

    private static IEnumerable<string> Values(Symbol symbol) => symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label);
}

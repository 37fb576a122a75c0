using System.CommandLine;
using System.CommandLine.Parsing;

namespace Peili.Terminal;

/// <summary>Options whose value is one of a few words.</summary>
public static class WordOption
{
    /// <summary>Makes one: help and shell completion name the words, and any other is refused by them.</summary>
    /// <param name="name">Such as <c>--output</c>.</param>
    /// <param name="description">For the help.</param>
    /// <param name="whenNotGiven">What counts when the option is not given.</param>
    /// <param name="words">The words, whatever their case, and what they mean.</param>
    public static Option<T> Create<T>(string name, string description, T whenNotGiven, params (string Word, T Value)[] words)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', words.Select(pair => pair.Word)),
            DefaultValueFactory = _ => whenNotGiven,
            CustomParser = result => Parse(name, result, words),
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. words.Select(pair => pair.Word)]);
        return option;
    }

    private static T? Parse<T>(string name, ArgumentResult result, (string Word, T Value)[] words)
    {
        var text = result.Tokens[0].Value;
        foreach (var (word, value) in words)
        {
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        result.AddError($"{name} must be one of {string.Join(", ", words.Select(pair => pair.Word))}, not \"{text}\"");
        return default;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;

namespace Peili.Terminal;

/// <summary>Options whose value is one of a few words.</summary>
public static class WordOption
{
    /// <summary>Makes one: help and shell completion name the words, and any other is refused by them.</summary>
    /// <param name="name">Such as <c>--output</c>.</param>
    /// <param name="description">For the help.</param>
    /// <param name="whenNotGiven">What counts when the option is not given: the value of one of the words.</param>
    /// <param name="words">The words, whatever their case, and what they mean.</param>
    public static Option<Word<T>> Create<T>(string name, string description, T whenNotGiven, params (string Text, T Value)[] words)
    {
        Word<T>[] all = [.. words.Select(word => new Word<T>(word.Text, word.Value))];
        var standard = all.First(word => Equals(word.Value, whenNotGiven));
        var option = new Option<Word<T>>(name)
        {
            Description = description,
            HelpName = string.Join<Word<T>>('|', all),
            DefaultValueFactory = _ => standard,
            CustomParser = result => Parse(name, result, all),
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. all.Select(word => word.Text)]);
        return option;
    }

    private static Word<T>? Parse<T>(string name, ArgumentResult result, Word<T>[] words)
    {
        var text = result.Tokens[0].Value;
        var found = Array.Find(words, word => string.Equals(word.Text, text, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            result.AddError($"{name} must be one of {string.Join<Word<T>>(", ", words)}, not \"{text}\"");
        }

        return found;
    }
}

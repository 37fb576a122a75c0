using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Peili.Terminal;

/// <summary>Options of commands that ask something and show the answer.</summary>
public static class AnswerOptions
{
    private const double Shortest = 0.1;
    private const double Longest = 3600;

    /// <summary>How to write the answer.</summary>
    public static Option<Word<OutputFormat>> Output { get; } = WordOption.Create(
        "--output",
        "How to write the answer: a table for people, fitted to the terminal; wide, with every column and nothing cut off; or JSON or YAML for programs.",
        OutputFormat.Table,
        ("table", OutputFormat.Table), ("wide", OutputFormat.Wide), ("json", OutputFormat.Json), ("yaml", OutputFormat.Yaml));

    /// <summary>Whether to ask again and again.</summary>
    public static Option<bool> Watch { get; } = new("--watch", "-w")
    {
        Description = "Go on asking until Ctrl-C. A terminal is drawn again in place; to a pipe go the lines that change (with json and yaml, each answer that differs), with the time.",
    };

    /// <summary>How long to wait in between.</summary>
    public static Option<double> Interval { get; } = new("--interval")
    {
        Description = "Seconds between two looks of --watch.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 2,
        CustomParser = ParseInterval,
    };

    static AnswerOptions() => Output.Aliases.Add("-o");

    /// <summary>Adds them to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(Output);
        command.Options.Add(Watch);
        command.Options.Add(Interval);
    }

    private static double ParseInterval(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= Shortest and <= Longest)
        {
            return seconds;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"--interval must be a number of seconds from {Shortest} to {Longest}, not \"{text}\""));
        return default;
    }
}

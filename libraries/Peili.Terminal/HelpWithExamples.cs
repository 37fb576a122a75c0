using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Peili.Terminal;

/// <summary>The help of System.CommandLine, and after it the examples of a <see cref="HelpfulCommand"/>. It keeps to the terminal's width.</summary>
public sealed class HelpWithExamples : SynchronousCommandLineAction
{
    /// <summary>Columns of help in a pipe.</summary>
    private const int UsualWidth = 100;

    private readonly HelpAction _help = new() { MaxWidth = StandardOutput.Width ?? UsualWidth };

    /// <summary>Gives a program's every command this help.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples();
        }
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var status = _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is HelpfulCommand { Examples: { Length: > 0 } examples })
        {
            var report = TextReport.ForStandardOutput();
            report.Line("Examples:");
            report.Verbatim(examples, 2);
            parseResult.InvocationConfiguration.Output.WriteLine(report);
        }

        return status;
    }
}
